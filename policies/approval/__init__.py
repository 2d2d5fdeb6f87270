"""Drafts and their approval by a second person: one mechanism for clauses, guides and the district's data.

Every other room of `policies` may import it, and `alerts` for broadcasts. Who may approve what: `four_eyes`; the steps of a
draft: `draft_table`.
"""
