"""Background tasks: what is followed in the database, how they flush, log their outages and are cancelled.

Any package may import it. Begin with `polling`; `write_behind` collects what is written in sets. `cancel_tasks` is for the
end of a process, `outage_log` for whatever is tried again and again,
`without_garbage_collection` for what is built of millions of objects.
"""
