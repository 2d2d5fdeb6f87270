"""Takes a message apart by words alone: places, steps, facts and the rest (`follow_up.py`), and its parts (`parts.py`).

It knows no session. Begin with `follow_up.py`.
"""
