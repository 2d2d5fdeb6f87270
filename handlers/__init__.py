"""The conversation: which intent a message has, and the answer to it.

Only `bot`, `bench` and tests import this package. It imports `alerts`, `policies`, `subscriptions`, `storage` and
`wechat`, but never `console`, `pages` or `sandbox`. Begin with `handlers/order.py` (the order in which a message is
tried) and `handlers/table.py` (every command, dialogue, event and intent).
"""
