"""One member: follow and unfollow, tracks, preferences, signed tokens, recipients of an audience.

Every other room of `subscriptions` may import this room; it imports only `tables`. Begin with `following.py`
(the life cycle) and `track_subscriptions.py` (every change of a subscription is recorded there).
"""
