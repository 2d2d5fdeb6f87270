"""Readers of document files: Word, PDF and text become lines and tables. What a format does to a paragraph is undone here.

Above `document`; only `importing.task` imports it. Begin with `documents`, which chooses the reader.
"""
