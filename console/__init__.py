"""The operators' desk under `/console` and the JSON API under `/api/v1`.

Only `bot` imports it. Begin at `routes.py`, which names every page, and `app.py`, which every request passes.
The rooms import downwards: `app`, `routes`, pages (`screens`, `clauses`, `broadcasts`, `guides`, `matching`,
`district`) and `api`, `approval`, `web`, `services`, `access`, `tables`.
"""
