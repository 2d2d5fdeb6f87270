"""Follow-ups, the focus and scripted conversations."""
