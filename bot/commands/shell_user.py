"""Finds the user who typed a command, for the audit log."""

import getpass


def shell_user() -> str:
    """`cli:` and the name of the machine's user, 64 characters at most."""
    try:
        return f"cli:{getpass.getuser()}"[:64]
    except (OSError, KeyError):  # the user of a container may have no name
        return "cli"
