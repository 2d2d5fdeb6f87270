"""Answers one question about one clause: its office, its sums, what changed since the edition before.

Only `conversation` and `fallbacks` import this room. It imports `application_windows`, `answers` and `framework`.
Begin with `fact_lines.py` (a fact in lines) and `facts.py` and `facts.txt` (the facts, and the words that ask for them).
"""
