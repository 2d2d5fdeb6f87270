"""From a typed message to a decision: which clauses, or that the library says nothing to it. After loading, no I/O.

Above `library`; `questions`, `knowledge` and the packages above `policies` may import it. Begin with `deciding`; then
`structured` (what a message names outright), `finding` (ranking for one need) and `scope` (is it in scope).
"""
