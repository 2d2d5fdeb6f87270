"""What goes out: due alerts, campaigns, the queue, channels, delivery and the ledger.

The rooms, from top to bottom: worker; delivery and forecast; sending, scheduling and notices; member, ledger and lease; channels;
wording; model.
A room imports only from the rooms below it. Begin with `alerts.delivery.dispatcher`, the one pass of a chunk.
"""
