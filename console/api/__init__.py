"""The JSON API of the desk, for programs."""
