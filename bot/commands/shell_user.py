"""Who typed a command, as ledger and audit log name them."""

import getpass


def shell_user() -> str:
    """`cli:` and the name of the machine's user."""
    try:
        return f"cli:{getpass.getuser()}"[:64]
    except (OSError, KeyError):  # a container's user without a name
        return "cli"
