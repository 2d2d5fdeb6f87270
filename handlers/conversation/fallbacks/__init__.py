"""What is said if the search is in doubt: which policy is meant, near clauses, 人工, or that nothing was understood.

The steps after the search call it (`handlers/steps/library.py`, `handlers/steps/other_readings.py`).
"""
