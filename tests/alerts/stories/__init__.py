"""Stories over several rooms: a year of windows, and a new edition, from the operator's desk to who was told.

The rooms' own tests hold each rule; begin there.
"""
