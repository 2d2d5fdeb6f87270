"""The library as data: clauses, sums, departments, tracks, how two states differ, and the checks of a clause.

Every room of `policies` but `approval` may import it; it imports `approval` alone. Begin with `models`, then `checking`.
"""
