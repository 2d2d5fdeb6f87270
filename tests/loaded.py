"""What the process loads of which commands are forked: every role; see `tests.forked`."""

import sandbox.app  # noqa: F401
