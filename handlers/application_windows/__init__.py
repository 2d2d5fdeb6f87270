"""When a clause can be applied for (申报期), in words: the windows of one clause, and the lists of what is open.

`answers`, `commands` and the rooms above may import this room; it imports only `framework`. Begin with
`window_lines.py`, which says of every clause whether it is open, coming or over.
"""
