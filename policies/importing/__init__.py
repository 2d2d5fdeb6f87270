"""From a printed document (txt, docx, pdf) to a proposal that a person reviews.

Above `publishing` and `search`; the commands and the desk import it. Floors, highest first: `imports` / `edition_import`,
`review` / `task` (the child process that reads) / `files`, `proposal` / `pairing`, `structure` / `tables` / `clause_parts` /
`document`. Begin with `proposal`.
"""
