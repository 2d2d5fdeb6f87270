"""The page with the phones: what a person can do in WeChat, and what their chat shows of it.

Only `app.py` imports it. Begin at `page.py`; `acts.py` lists what a person can do.
"""
