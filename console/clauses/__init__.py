"""政策库: the pages where clauses are read, edited as drafts, imported and published.

Only `routes.py` imports it. Begin at `policies.py`; `publishing.py` holds what a second person does.
"""
