"""The questions that every model is asked, and how they are asked."""
