"""Finds what a message wants by its meaning: a bank of wordings for each act and fact, and a rule learnt from it.

It stands above `table`. `answers_by_meaning` asks the rule with the vector that it has anyway. Begin with `rule`.
"""
