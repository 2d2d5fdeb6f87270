"""Commands about people: `subscribers`, `followers`, `testers`, and `qr` for posters that people scan.

Only `bot/cli` may import it. Begin with the module named as the command.
What a command changes of a person stands in the audit log by number alone.
"""
