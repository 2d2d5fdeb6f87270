"""The JSON API for programs, under `/api/v1`.

`bot` mounts it; nothing else imports it. Begin at `routes.py`, from whose rows the calls and the OpenAPI document are
made; `endpoints.py` says what a row is.
"""
