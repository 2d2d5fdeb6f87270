"""What every handler is made with: `Turn`, `Context`, `Session`, `Answer`, lists and their pages, links to tap.

All other rooms of `handlers` may import this room; it imports none of them. Begin with `registry.py`, which
declares what a command, a dialogue, an event handler and an intent handler are.
"""
