"""Registers the suite's own pytest options where it is not installed."""

pytest_plugins = ["checks.plugin", "benchmarks.plugin"]
