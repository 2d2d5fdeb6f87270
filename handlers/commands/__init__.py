"""Commands and dialogues that depend on the person who writes: subscriptions, preferences, company, data, 人工.

`events`, `table` and `router` may import this room. It imports `answers` and `framework`. Begin with `feedback.py`,
the shortest command, then `subscribing.py`, which holds a dialogue over several messages. `settings` holds how often
messages come.
"""
