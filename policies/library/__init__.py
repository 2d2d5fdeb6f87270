"""The library as data: clauses, sums, departments, tracks, how two states differ, and the checks of a clause.

The lowest room of `policies`; everything above may import it. Begin with `models`, then `checking`.
"""
