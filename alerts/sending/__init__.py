"""Sends the messages of all chunks of a worker and records their outcomes; it knows nothing of delivery.

Worker and delivery may import it. Begin with `send_loop`.
"""
