"""Facts of whole documents: of the published ones, and of those that their clauses rest on.

`conversation` and `fact_lines` import this room. It imports `facts` and `framework`. Begin with `basis_facts.py`
(a document that clauses rest on), then `document_facts.py` (a published document).
"""
