"""A person's rights over their data: export and erasure (PIPL, articles 45 and 47).

`directory` and the packages above may import this room; it imports `messaging_rights`, `members` and `tables`.
Begin with `erasure.py`.
"""
