"""Bad days in small, played in real time by real processes that are killed: forms of `make chaos` and `make failover`.

Servers die here, are noticed and are replaced, leases of the dead run out: these rooms take longer than the ten seconds of
the others.
"""
