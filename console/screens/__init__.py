"""The pages of the desk that stand by themselves, one module a menu entry.

Only `routes.py` imports it. Begin at `overview.py`, the first page after signing in.
"""
