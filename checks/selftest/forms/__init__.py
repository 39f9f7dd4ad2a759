"""Every form of submission, handed in right and wrong."""
