"""办理指南: the pages where it is entered how clauses are applied for, and approved by a second person.

`routes.py` imports it; `entries.py` also the command line. Begin at `pages.py`; `approving.py` holds what a second person does.
"""
