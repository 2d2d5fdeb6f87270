"""Work on a file from outside, in a process of its own with limits: no parser can be trusted with such a file.

Any package may hand a function to `running.run_in_child`; begin there; `tables` reads a table so.
`main` is what runs in the child process; it loads nothing but `answer_lines` and the task.
"""
