"""How often and when messages come: 提醒设置, and wishes for fewer messages or for messages again.

`table`, `router` and `parsed_message` import it; it imports other commands and `framework`. Begin with `preferences.py`; the two
modules named after words read what people type.
"""
