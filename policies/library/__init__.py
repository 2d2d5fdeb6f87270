"""The library as data: clauses, sums, departments, tracks, how two states differ, and the checks of a clause.

Every room of `policies` but `approval` and `numbers` may import it; it imports these two. Begin with `models`, then `checking`;
`amounts` is the room of sums.
"""
