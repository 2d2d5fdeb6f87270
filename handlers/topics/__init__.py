"""Subscriptions to a clause, a department or a question: which of them a text names, and how to follow them.

`commands` and the rooms above may import this room; it imports only `application_windows` and `framework`. Begin with
`following.py`.
"""
