"""What makes single answers a conversation: the focus, follow-ups, what people say besides questions.

Only `router` imports this room; it imports `answer_cache`, `clause_facts`, `commands`, `answers` and `framework`. Begin with
`follow_up.py` (what a message says of the clause last shown) and `follow_ups.py` (the answer to it).
"""
