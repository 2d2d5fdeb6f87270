"""The ledger: each module holds one of the moves of its rows, as conditional updates.

Worker, delivery, sending, `console` and `bot` may import it; it imports channels and model.
Begin with `claim`, then `mark_in_flight` and `settle`.
"""
