"""Who may do what, how they prove who they are, and the audit log of what they did.

Every room of the desk imports it; it imports the desk's tables alone. Begin at `roles.py` (what a role may do) and
`signing_in.py` (the session behind a request).
"""
