"""The way from WeChat to the bot: pushes and receipts, signed, sealed and delivered again; replies read strictly.

`phone` and `app` import it. Begin at `pushing.py`.
"""
