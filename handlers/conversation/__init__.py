"""What makes single answers a conversation: what is on the screen, follow-ups, and what is said in doubt. Rooms by idea.

`handlers.order` and its steps import it; it imports `answer_cache`, `clause_facts`, `commands`, `answers` and
`framework`. Begin with `reading` (what a message says of the screen) and `follow_ups` (the answer to it).
"""
