"""Notices that no campaign of operators sends: to their group, of what waits for them; to a member, of a decision on a company.

`bot` and `console` may import it. Begin with `notices`; `notice_kinds` is the table of what is said.
"""
