"""What is made once, for a test process, a run, or until what it is made of changes."""
