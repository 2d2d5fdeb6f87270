"""Mass sends (群发): to lists, to all followers, their records, and the question how they ended.

The rooms above channels may import it. Begin with `channel`, then `send_to_all`.
"""
