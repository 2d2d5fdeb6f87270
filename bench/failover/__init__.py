"""A bad day on several machines: `python -m bench.failover` breaks each store in turn and counts what people got.

Begin with `run.run`; `failures` is the table of what breaks, `installation` the processes, `talk` the people who write.
"""
