"""The way from a typed question to the right clause: one pipeline of small, pure stages."""
