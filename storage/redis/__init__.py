"""The way to Redis: the address, the client, and one pipeline for a turn of the event loop.

Any package may import it. Redis may lose everything it holds, so callers go on without it.
Begin with `client.open_redis`, then `pipeline.RedisPipeline`.
"""
