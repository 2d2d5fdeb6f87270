"""Which clause of an edition goes on from which of the edition before.

Above `clause_parts` and `document`; `proposal` and the modules of `importing` may import it. Begin with `pairs` (what a pair
is), then `pair_clauses` (the whole way), `paired_places`, `likeness` and `assignment`.
"""
