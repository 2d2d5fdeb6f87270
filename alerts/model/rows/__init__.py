"""A row of the ledger: its states and the moves between them, the reasons that operators read, and when it may leave.

Above `campaigns`; every room that may import the model may import it. Begin with `row_states`.
"""
