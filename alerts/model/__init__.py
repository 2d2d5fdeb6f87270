"""What an alert is: tables, campaigns and their states, row states and reasons, audiences, quiet hours.

Every room of alerts, and the packages above, may import it; it imports no other room.
Begin with `row_states` (a row of the ledger) and `campaigns` (a campaign).
"""
