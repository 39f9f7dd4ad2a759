"""A whole class, written as files: mutants, twins and odd submissions, each with its verdict."""
