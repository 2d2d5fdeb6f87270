"""Reads what a person tells of a company into facts (`reading/`), and says facts, questions and results in words.

Above `matching` and `search`; the floors above `policies` may import it. Begin with `match_service`.
"""
