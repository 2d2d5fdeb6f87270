"""Commands about clauses: `policies`, `windows`, `ask`, `match`.

Only `bot/cli` may import it. Begin with the module named as the command.
`evaluate` and `policy_changes` belong to `policies`.
"""
