"""The care of a database over its life: backups, detection of a restore, retention of old rows, leftovers of the sandbox.

Roles, commands and `runtime` may import it; it imports nothing else of `bot`.
Begin with `restore_detection`: it says why a restored database starts with everything outgoing stopped.
"""
