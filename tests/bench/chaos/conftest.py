"""The SQLite databases of the alerts' tests, in which rows only move as their tables say."""

from tests.alerts.conftest import sqlite_url

__all__ = ["sqlite_url"]
