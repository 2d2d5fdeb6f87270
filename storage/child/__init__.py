"""Work on what came from outside, in a process of its own with limits.

A parser that a file makes slow or large hurts nobody but itself. Any package may hand a function to
`running.run_in_child`; `main` is what runs in the other process.
"""
