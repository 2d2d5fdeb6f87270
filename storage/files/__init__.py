"""Files that people upload or take away: text in any Chinese encoding, tables as CSV or XLSX, cells without formulas.

Any package may import it. It is pure: no I/O, bytes in and values out.
Begin with `table_files.read_rows`; whoever reads a file from outside does it in `storage.child`.
"""
