"""A push of WeChat, from bytes to an `Inbound`, and a reply, back to bytes.

`bot/webhook` uses it, and whoever handles an `Inbound`; it imports `replies` and nothing of `api`.
Begin with `crypto.Envelope.open`, go on with `parsing.parse_message`, end with `rendering.render`.
"""
