"""Alerts under fire: `python -m bench.chaos` kills what can be killed and counts what arrived.

Workers and the scheduler are processes of their own and die by SIGKILL at random moments; the sandbox is the
WeChat API in another, which answers busy, resets, falls silent after accepting, and throws the token out; Valkey
is restarted and comes back empty; the database's connections are cut. At the end the API's own count tells.

`plans` says what is done to whom, `processes` what is killed, `run` kills, `report` judges.
"""
