"""Who wants what: members, their tracks and preferences, companies, consents, handoffs to a person.

`alerts` and the packages above it may import this package; it imports only `storage` and `wechat`. Begin with
`subscriptions/directory.py`, whose class `Members` is the facade that other packages call, and `tables.py`.
"""
