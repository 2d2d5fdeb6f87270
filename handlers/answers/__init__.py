"""Answers that are the same for everybody: one module for each intent of the search, and `courtesies`.

`commands`, `events`, `table` and `router` may import this room; it imports only `framework`. Begin with `clause.py`
(the clause itself) and `out_of_scope.py` (no clause matches). The welcome is in `courtesies`.
"""
