"""本区资料: tracks, departments, places and texts, as one person writes them and another approves them.

Imports `approval`, `web`, `services` and `access`; nothing but `console.routes` imports it. Begin with `pages`.
"""
