"""Reads what a person types of a company: facts, a request for a match, the answer to a question.

Above `matching` and `numbers`; the modules of `company_facts`, the conversation and the commands may import it. Everything is
pure; `words.load_words` alone reads a file. Begin with `fact_reader`, then `requests` and `answers`.
"""
