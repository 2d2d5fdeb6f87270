"""The worker process: the queue, the sweep, and the parts that run beside them.

`bot.roles.worker_role` imports it. Begin with `worker`.
"""
