"""Template messages (模板消息): settings, the values of fields, and the channel.

The rooms above channels, and `bot` and `console` for the settings, may import it. Begin with `channel`.
"""
