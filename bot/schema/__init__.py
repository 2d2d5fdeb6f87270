"""The schema of the database: every table, the Alembic revisions, and the upgrade at a start.

`runtime` and commands may import it; it imports nothing else of `bot`.
Begin with `current.require_current_schema`, which each start calls.
"""
