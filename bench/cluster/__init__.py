"""Real servers to break: PostgreSQL with a standby, Redis with sentinels, and ways to them that can be cut.

Tests and benchmarks may import it. Begin with `postgres.PostgresPair`; `gateway.Gateway` is the way that a run cuts.
"""
