"""企业对照 at the desk: what companies fit, what their profiles lack, and the benefits of a clause, changed by two people.

`console.routes` imports this room; it imports `web`, `services` and `access`. Begin with `pages.py`.
"""
