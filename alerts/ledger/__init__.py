"""The ledger: each module makes one kind of move of its rows, by conditional updates.

Worker, delivery, sending, `console` and `bot` may import it; it imports channels and model. Begin with `claim`, then
`mark_in_flight` and `settle`.
"""
