"""What the holder of the scheduler's lease does with alerts: makes due ones, lists recipients, moves campaigns.

`bot` and `console` may import it. Begin with `jobs`, then `tick` and `due`.
"""
