"""Turns a typed message into a decision: which clauses answer it, or that the library says nothing. No I/O after loading.

Above `library`; `questions`, `knowledge` and the packages above `policies` may import it. Begin with `deciding`; then
`structured` (what a message names outright), `finding` (ranking for one need) and `scope` (is it in scope).
"""
