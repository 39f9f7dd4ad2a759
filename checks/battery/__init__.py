"""Asks: one question per function; returns CheckResult, never asserts, never imports pytest."""
