"""The inbox (提醒箱): an alert waits here if no other channel is open.

Delivery and sending import it. Begin with `channel`; `alerts.member.inbox` shows what waits.
"""
