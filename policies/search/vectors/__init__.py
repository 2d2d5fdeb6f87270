"""The arithmetic of vectors: where a question is moved to, and which of very many rows it is most like."""
