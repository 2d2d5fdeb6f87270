"""Guides (怎么办): how a clause is applied for, as operators entered it, since the documents say little of it.

Above `publishing` and `windows`, beside `questions` and `importing`; everything above `policies` may import it. Begin with
`guide` (the value and the book that answers read), then `drafts` (how a guide is entered and approved).
"""
