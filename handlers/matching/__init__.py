"""我们公司能拿什么: the interview, its result, sums, and the profile that a member keeps.

`handlers.table` and the rooms above it may import this room. It imports `commands`, `answers` and `framework`. Begin
with `interview.py`.
"""
