"""Which clauses may be for a company, by which words, what is still missing, and what the clause's own rule comes to.

`facts` says what can be told of a company, `benefits` what a clause offers and on which conditions, `matching` puts
the two together. All of it is pure: files are read by `benefits.load_benefits` and `facts.load_facts` alone.
"""
