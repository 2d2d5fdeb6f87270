"""Measurements; each module runs by `python -m bench.NAME` and prints a table."""
