"""What the clauses mean: reads them with the sentence model once, and keeps the vectors in the database.

Above `search`, which holds the model and the comparison; `knowledge` imports it. Begin with `reading`.
"""
