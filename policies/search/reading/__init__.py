"""Reads what a message names outright (clause numbers, sums with comparisons, departments), and where needs part.

Above `words`; `question` and `structured` import it. Each module reads one kind and knows no index. Begin with
`numbers` for the simplest reading, `sums` for the richest.
"""
