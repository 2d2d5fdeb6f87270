"""Alembic's environment: `env.py` runs the revisions of `versions/`, in the order of their numbers.

`bot/schema` runs it at a start; no other code imports it. Begin with the newest revision in `versions/`;
docs/adding.md shows how a table or a column is added.
"""
