"""Which databases a test runs on: both, where nothing is said."""

import pytest

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a story over many days or a table of rules: other tests of its room run each of its statements on PostgreSQL too."""
