"""A WeChat on your desk: a chat page and a stand-in for the WeChat API."""
