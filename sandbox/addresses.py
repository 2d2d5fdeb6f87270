"""Where the sandbox is, behind the server's address."""

PREFIX = "/sandbox"
API_PREFIX = f"{PREFIX}/api"
"""The base of the WeChat API stand-in."""
