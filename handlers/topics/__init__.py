"""Subscriptions beside tracks: a clause, a department, a question; which of them a text names, and following them.

`commands` and the rooms above may import this room; it imports only `application_windows` and `framework`. Begin with
`following.py`.
"""
