"""What the tables of a document say: which columns they have, and the clauses in their rows or cards.

Above `clause_parts` and `document`; `structure` may import it. Begin with `policy_tables` (a row is a clause), then
`policy_columns` (what a column holds) and `card_tables` (a table is a clause).
"""
