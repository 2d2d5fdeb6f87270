"""The database: SQLite or PostgreSQL, with one schema and one set of statements.

Any package may import it; it imports `storage.clock` alone of ours.
Begin with `database.Database`; `database_errors` says what it raises while the database is unavailable.
"""
