"""A member's own view of their alerts: the inbox, the latest alerts, 已申报, the copy of their data.

`handlers`, `pages`, `console` and delivery may import it. Begin with `alerts_of_member`.
"""
