"""The command line: `python -m checks`."""
