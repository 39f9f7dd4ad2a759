"""Every figure and claim of the documents, as data and as tests."""
