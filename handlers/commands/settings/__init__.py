"""How often and when messages come: 提醒设置, and requests for fewer messages or for messages again.

`table`, `router` and `parsed_message` import it. It imports other commands and `framework`. Begin with
`preferences.py`. The modules named after words read what people type.
"""
