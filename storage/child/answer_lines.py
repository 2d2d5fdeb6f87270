"""How the answer of a child process ends. Imports nothing: the child loads no more than its task needs."""

END = b"end"
"""The last line of a complete answer."""
FAILED = b"failed "
"""Begins the last line if the function raised; the name of the exception follows, never its text."""
