"""English messages: the Chinese words that the rest of the bot reads (`chinese_words.py`), and wishes about messages.

The lowest room of the conversation. Whoever reads a message may import it.
"""
