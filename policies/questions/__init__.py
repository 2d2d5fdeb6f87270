"""What people asked: questions without an answer, words that operators teach, and how well known questions are answered.

Above `search`; `knowledge` and the packages above `policies` may import it.
Begin with `log` (questions in vain) and `lessons` (taught words).
"""
