"""The steps in which a message is tried, a module for each kind; `handlers.order` puts them in their order.

Only `handlers.order`, `handlers.router` and `handlers.cli_chat` import this room. Begin with `step.py` (what a step is)
and `walk.py` (what the steps know of a message).
"""
