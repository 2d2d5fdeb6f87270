"""What will be sent, to how many and when, before anything is made.

`bot` and `console` may import it. Begin with `preview`.
"""
