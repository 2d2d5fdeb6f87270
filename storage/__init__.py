"""The database: engine, declarative base, types, clock; and the way to Redis."""
