"""公告: the pages for writing, testing, approving and following a broadcast.

Only `routes.py` imports it. The rules are in `console.services.broadcasts`. Begin at `pages.py`; `compose.py` is the
form.
"""
