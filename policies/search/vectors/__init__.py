"""Calculations with vectors: moves a question by a map, and finds which of very many rows are most like it."""
