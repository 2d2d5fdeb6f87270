"""Commands that start a process: `up`, `web`, `worker`, `scheduler`.

Only `bot/cli` may import it; the work itself is in `bot/roles`.
Begin with `up`: it takes the folder and the port, starts Valkey, then runs web and scheduler with a worker beside them.
"""
