"""What every page shares: the frame and its notices, forms that are kept or sent twice, values as text, downloads.

The rooms with pages import it, and `api` for the checks of typed values. Begin at `pages.py`.
"""
