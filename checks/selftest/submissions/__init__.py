"""Submissions that are clumsy, hostile or cheating, each with the verdict that is right for it."""
