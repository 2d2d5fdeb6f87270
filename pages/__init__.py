"""Public pages for a phone: `/p` (search, clauses, what is open, alerts) and `/me` (a member's own choices).

Only `bot` and tests import this package; it never imports `handlers`, `console` or `sandbox`. Begin with
`pages/application.py` (the routes of `/p`) and `pages/member/application.py` (the routes of `/me`).
"""
