"""A document without its file format: lines and tables (`blocks`), the numbers that lines begin with, and errors.

The lowest room of `importing`; every other room may import it. Begin with `blocks`.
"""
