"""Which benefits of the clauses a company may get, what is still missing, and what a clause's rule comes to in yuan.

Above `library`; the commands and the packages above `policies` may import it. Everything is pure; files are read only by
`benefits.load_benefits` and `facts.load_facts`. Begin with `matching`; `checking` proves the data against the clauses.
"""
