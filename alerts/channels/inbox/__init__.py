"""The inbox (提醒箱): where an alert waits when no other channel is open.

Delivery and sending import it. Begin with `channel`; `alerts.member.inbox` shows what waits.
"""
