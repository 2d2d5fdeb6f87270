"""Words: how a text is normalised, which words are known with which roles, synonyms, sounds and spelling corrections.

The lowest room of the search; every module of `policies.search` may import it.
Begin with `vocabulary` (words and roles), then `concepts` (synonyms).
"""
