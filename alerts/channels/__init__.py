"""The ways to people, one folder each: template, subscription, custom, mass, inbox, and group_robot for operators.

The rooms above may import it; it imports only `alerts.model` and `alerts.wording`. Each folder's `channel` says what
the channel needs, its limits, its message, its call and what its errors mean. Begin with `choice`, the table that chooses.
"""
