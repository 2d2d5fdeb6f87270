"""Requests in free words to start or stop reminders of a subject: 盯着22条 有动静喊我, 船舶的不要了, 第二个也订上.

Only `router` imports this room; it imports `table`, `commands`, `topics` and `framework`. Begin with `reading.py`
(what a message requests, from its pieces in `request_words.py`), then `fulfilling.py` (what is done).
"""
