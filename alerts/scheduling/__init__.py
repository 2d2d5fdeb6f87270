"""What the holder of the scheduler's lease does: makes due alerts, lists recipients, moves campaigns, tells operators.

`bot` and `console` may import it; delivery and sending do not. Begin with `jobs`, then `tick` and `due`.
"""
