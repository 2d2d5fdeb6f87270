"""The building blocks of all handlers: `Turn`, `Context`, `Session`, `Answer`, lists and their pages, links to tap.

All other rooms of `handlers` may import this room; it imports none of them. Begin with `registry.py`. It declares the
command, the dialogue, the event handler and the intent handler.
"""
