"""What holds for every HTTP request: limits of connections and bodies, trusted proxies, health, metrics, redirects.

`bot/roles/web_app` puts it together; it imports nothing of `bot`.
Begin with `bodies` and `connections`.
"""
