"""Commands for whoever runs the bot: `doctor`, `backup` and `restore`, `operator` and `api-key`, `menu`.

Only `bot/cli` may import it. Begin with the module named as the command.
`operators` holds `operator` and `api-key`, `backup` holds `restore`.
"""
