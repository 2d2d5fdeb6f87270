"""`/match`: a form without sign-in that says what a company may get. The link of a result opens it again.

`bot` mounts its `application.py`; this room imports only `keys` and `services`. Begin with `application.py`.
"""
