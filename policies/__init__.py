"""What we know: the clauses, their application windows and guides, search over them, and what companies may get.

It does not know who asks. Floors, highest first: `knowledge` (the current index in a process) / `guides`, `importing`,
`meanings`, `questions`, `company_facts` / `windows` / `publishing`, `search`, `matching` / `district` / `library` /
`approval`, `numbers`. Begin with `library.models`.
"""
