"""办理指南: the pages where operators enter how clauses are applied for, and where a second person approves it.

`routes.py` imports it. Begin at `pages.py`; `approving.py` holds what a second person does.
"""
