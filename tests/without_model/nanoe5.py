"""Stands in the way of the sentence model: each process that reads the clauses by meaning would work at that for seconds."""

raise ImportError("the tests do without the sentence model, but for those in tests/policies/meanings")
