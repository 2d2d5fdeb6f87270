"""A campaign: one alert to an audience. How it is made, its states and moves, its counters, and whether it may send now.

Above `tables`, `content` and `kill_switch`; every room that may import the model may import it. Begin with
`campaign_states` (states and moves as a table), then `moves` (what makes a move) and `new_campaigns`.
"""
