"""Events that WeChat pushes: follow, unfollow, QR scan, consent, receipts of messages.

Only `table` and `router` may import this room; it imports `commands`, `answers` and `framework`. Begin with
`follow_and_scan.py`: there a scan of a track's QR code subscribes.
"""
