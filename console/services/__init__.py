"""What the pages and the API both do: broadcasts, testers, an operator's reply to one member.

It knows no page and no form; `desk.py` lists all services that a handler may ask. Everything above it imports it.
Begin at `broadcasts.py`.
"""
