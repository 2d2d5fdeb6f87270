"""The command line: a folder for each thing that commands are about, a module for each command.

Only `bot/cli` may import it; it may import everything.
Begin with the table in `bot/cli`; `begin` reads the settings for a command.
"""
