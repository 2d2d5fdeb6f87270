"""What WeChat lets us send a member now: service windows (客服消息) and consents (订阅通知).

`directory`, `privacy` and the packages above may import this room; it imports `members` and `tables`. Begin with
`service_windows.py`; docs/wechat.md §5.1 and §5.3 are the rules.
"""
