"""The WeChat protocol and its API client."""
