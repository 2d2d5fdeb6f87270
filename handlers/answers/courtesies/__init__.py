"""Answers around questions: the welcome and the help, greetings and thanks, and messages without words (images, voice).

`table`, `router`, `events` and the other answers import it; it imports only `framework`. Begin with
`welcome_and_help.py`.
"""
