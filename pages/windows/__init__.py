"""`/p/open`: what can be applied for now, as a page, a calendar (.ics) and a feed (.rss).

`pages/application.py` imports this room; it imports only `keys` and `services`. Begin with `open_page.py`.
"""
