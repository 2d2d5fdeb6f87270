"""What the API of WeChat can do, one file a feature: what a request must hold and what comes of it.

`platform.py` holds one of each; `sandbox.api` calls them. Begin at `custom_messages.py`, the smallest.
"""
