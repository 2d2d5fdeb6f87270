"""`/p/a/{token}`: the page of one alert, with the button 已申报.

`pages/application.py` imports this room; it imports only `keys` and `services`. Begin with `alert_page.py`.
"""
