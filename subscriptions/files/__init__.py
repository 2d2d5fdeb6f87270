"""The CSV file of subscribers: read in a child process, then imported in one transaction.

Only packages above may import this room; it imports `companies`, `members` and `tables`. Begin with
`importing.py`; the columns are in `subscriber_files.py`.
"""
