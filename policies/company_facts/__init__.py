"""Reads what a person tells of a company into facts, and says facts, questions and results in words.

Above `matching` and `search`; the floors above `policies` may import it. Everything is pure; `words.load_words` alone
reads a file. Begin with `reading.py`.
"""
