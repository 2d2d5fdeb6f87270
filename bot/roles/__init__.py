"""What a process of each role does, from its start to its stop.

Only `bot/commands` may import it. It imports the webhook, the HTTP parts and `runtime`.
Begin with `serving.serve`: it opens the services, builds the web part, starts the background work, waits for the stop, and
then for the end of all of it.
"""
