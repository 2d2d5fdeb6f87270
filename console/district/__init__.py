"""本区资料: tracks, departments, places and texts. One person writes them and another approves them.

It imports `approval`, `web`, `services` and `access`. Only `console.routes` imports it. Begin with `pages`.
"""
