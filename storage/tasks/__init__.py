"""Background tasks: how they flush, how their outages are logged, how they are cancelled.

Any package may import it. Begin with `write_behind`.
`cancel_tasks` is for the end of a process, `outage_log` for whatever is tried again and again.
"""
