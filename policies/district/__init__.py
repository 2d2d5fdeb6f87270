"""What belongs to one district: its tracks, departments, places and texts; read from a folder once, then kept in the database.

It stands on `library`; the search and everything above read it. Begin with `models`, then `store`.
"""
