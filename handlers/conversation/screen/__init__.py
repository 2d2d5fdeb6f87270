"""What the last answers showed: the focus and the list (`focus.py`, `lists.py`), and how their clauses are told (`answering.py`).

Pure but for the session. `follow_ups` and `fallbacks` build their answers with it.
"""
