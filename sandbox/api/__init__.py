"""The stand-in for api.weixin.qq.com: one function a call, one table of them, one handler.

Only `app.py` imports it. Begin at `calls.py`; `control.py` is the sandbox's own control plane for tests.
"""
