"""What a message wants, by meaning: a bank of wordings for each act and fact, and the rule that was learnt from it.

Above `table`; `answers_by_meaning` asks the rule with the vector that it has anyway. Begin with `rule`.
"""
