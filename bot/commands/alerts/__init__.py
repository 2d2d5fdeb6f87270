"""`policybot alerts …`: campaigns, their ledger rows, and the global stop.

Only `bot/cli` may import it. Begin with `alerts`, which lists the commands.
`transaction` is how each of them works on the database, `printing` how it prints.
"""
