"""Answers what a message says of the clause or the list on the screen. Begin with `follow_ups.py`.

The step `follow up` of `handlers.order` asks it, and so do the steps that read a message in other words.
"""
