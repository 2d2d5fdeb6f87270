"""Customer-service messages (客服消息).

`alerts.channels.choice` imports it. Begin with `channel`.
"""
