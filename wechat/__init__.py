"""The WeChat protocol: the pushes from WeChat and the API that we call. It knows nothing of policies or members.

Every package may import it; it imports none of ours. Begin with `account` (what an account may do), then `push/` for
the way in and `api/` for the way out. The protocol itself, with sources, is docs/wechat.md.
"""
