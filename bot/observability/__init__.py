"""What a person sees of a process from outside: its logs, its traces, its metrics of stores, event loop and clock.

`roles`, `commands` and `cli` may import it. Begin with `logs`.
"""
