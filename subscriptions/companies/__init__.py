"""Companies: credit codes, names, and the binding of a member to a company.

`directory`, `files` and the packages above may import this room; it imports `members` and `tables`. Begin with
`companies.py`: a binding is a claim until an operator confirms it.
"""
