"""公告: the pages where a broadcast is written, tested, approved and followed.

Only `routes.py` imports it; the rules stand in `console.services.broadcasts`. Begin at `pages.py`; `compose.py` is the
form.
"""
