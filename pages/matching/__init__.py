"""`/match`: what a company may get, as a form without sign-in; the result is printed, shared and opened again by its link.

`bot` mounts its `application.py`; this room imports only `keys` and `services`. Begin with `application.py`.
"""
