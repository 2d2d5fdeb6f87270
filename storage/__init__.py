"""What keeps data and time: the database, Redis, files, background tasks, the clocks. It knows no table of the product.

Every package may import it; it imports none of ours.
Begin with `sql/database` (one transaction), then `redis/pipeline`, then `clock` and `business_clock`.
"""
