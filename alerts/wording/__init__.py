"""What an alert says: in each channel (`wording`), and what changed in a clause (`clause_changes`).

Every room of alerts but `alerts.model` may import it, and so may the packages above; it imports `alerts.model` alone.
Begin with `wording`.
"""
