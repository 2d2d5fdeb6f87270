"""`/me`: a member's subscriptions and preferences, opened by a signed link from the chat or by WeChat's web sign-in.

`bot` mounts its `application.py`; this room imports only `pages.services`. Begin with `application.py` for the
routes, then `entering.py` for who may see the page.
"""
