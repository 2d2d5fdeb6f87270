"""Calls to the WeChat API with typed failures.

Whoever sends or asks WeChat uses `client.WeChatClient`; it imports nothing of `push`.
Begin with `client`. `tokens` gets and refreshes the access token; `errcodes` is the table of what follows each errcode.
"""
