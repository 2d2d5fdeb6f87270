"""The stand-in for api.weixin.qq.com: one function a call, one table of them, one aiohttp handler."""
