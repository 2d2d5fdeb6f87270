"""What an alert is: tables, campaigns, rows of the ledger, its content, the ways to a member, the stop of everything.

Every room of alerts, and the packages above, may import it; it imports no other room.
Begin with `rows` (a row of the ledger) and `campaigns` (a campaign).
"""
