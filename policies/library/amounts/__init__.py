"""The sums of a clause: which it states and how, whether an amount says the same, and sums in words. All is pure.

Above `models` and `folding`; every room that may import the library may import it. Begin with `support` (which figures of a
text are support), then `how_stated`, `amount_kinds` (the proof) and `amount_words`.
"""
