"""What a second person looks at before anything goes out: old and new of each field, and how many people it reaches.

`clauses` and `broadcasts` import it. Begin at `comparing.py`.
"""
