"""What members told of their company, kept with their consent and shared by the company's confirmed members.

`privacy`, `directory` and the packages above may import this room; it imports `tables`. Begin with `profiles.py`.
"""
