"""Which lines of a document are clauses, under which headings, and what is neither.

Above `tables`, `clause_parts` and `document`. Begin with `find_clauses` (the whole way), then `tree` (numbers) and `levels`
(which numbers are clauses), `table_clauses` (what `tables` read).
"""
