"""The error for a document that cannot be read."""


class DocumentError(Exception):
    """The document can't be read as a library; the message says why and what to do, in Chinese."""
