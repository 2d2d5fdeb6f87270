"""Guides (怎么办): how to apply for a clause, as operators entered it, because the documents say little about it.

Above `publishing` and `windows`, beside `questions` and `importing`; everything above `policies` may import it. Begin
with `guide` (the value and the book that answers read), then `drafts` (how a guide is entered and approved).
"""
