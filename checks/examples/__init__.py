"""Submissions to try the suite on: a class of five, and what a student might write."""
