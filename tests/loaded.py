"""What the process loads of which commands are forked; see `tests.forked`."""
