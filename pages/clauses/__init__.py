"""`/p` and `/p/{id}`: the search page, and one clause with its table of amounts.

`pages/application.py` imports this room; it imports only `keys` and `services`. Begin with `clause_page.py`.
"""
