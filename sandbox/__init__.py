"""A WeChat on your desk: a page with phones, and a stand-in for WeChat's API.

Only `bot` imports it, and `python -m sandbox` runs it alone. Begin at `app.py`. The rooms import downwards:
`app`, `phone` and `api`, `push`, `platform`.
"""
