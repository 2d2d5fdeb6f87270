"""What WeChat keeps and knows, in memory: the account, people, tokens, quotas, and one file a feature.

It does no I/O; `api`, `push` and `phone` import it. Begin at `platform.py`.
"""
