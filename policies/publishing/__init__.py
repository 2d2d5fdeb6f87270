"""Clauses in the database: drafts, who may publish them, publications and the history of each clause.

Above `library`; `importing`, `windows`, `knowledge` and the packages above `policies` may import it.
Begin with `drafts` (writing and publishing) and `store` (reading what is published).
"""
