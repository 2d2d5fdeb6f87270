"""One process at a time schedules: the lease that it holds, and the jobs that the holder repeats.

`bot` and the rooms of alerts above may import it. Begin with `lease`; `schedule` runs the jobs.
"""
