"""From a printed document (txt, docx, pdf) to a proposal that a person reviews.

Above `publishing` and `search`; the commands and the desk import it. Floors: `review`, `task` / `proposal` / `answer` /
`pairing` / `structure` / `clause_parts` / `files` / `document`. Begin with `review`; reading runs in a child process (`task`).
"""
