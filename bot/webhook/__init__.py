"""`/wechat`: a push of WeChat is checked, acted on once, and answered within 5 seconds.

`bot/roles/conversation` opens it; it imports nothing else of `bot`.
Begin with `callback.Callback.receive`. `pushes.Pushes._reply` loads and stores the session; `idempotency` recognises retries.
"""
