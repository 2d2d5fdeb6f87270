"""One pass of a chunk: load, eligibility, route and compose; then it hands the messages to sending.

Only the worker imports it. Begin with `dispatcher`.
"""
