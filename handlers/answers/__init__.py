"""Answers that are the same for everybody: one module for each intent of retrieval, and greetings, menus and help.

`commands`, `events`, `table` and `router` may import this room; it imports only `framework`. Begin with
`clause.py` (the clause itself) and `out_of_scope.py` (no clause matches); the welcome is in `welcome_and_help.py`.
"""
