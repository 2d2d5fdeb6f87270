"""The conversation: which intent a message has, and the answer to it."""
