"""Notices to the operators' group, through a robot of 企业微信 or 钉钉.

`alerts.notices.notices` decides what is said; it may be imported from there and from `bot`.
Begin with `channel`.
"""
