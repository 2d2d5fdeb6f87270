"""Known questions: those with a confirmed answer, and those that are made for any library.

Above `words`; `meaning`, `finding` and `index` import it. Begin with `prototypes`; `made` makes questions of titles and of
matters of the trade; `known_questions` collects all that an index has.
"""
