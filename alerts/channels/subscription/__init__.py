"""Subscription notifications (订阅通知).

`alerts.channels.choice` imports it. Begin with `channel`.
"""
