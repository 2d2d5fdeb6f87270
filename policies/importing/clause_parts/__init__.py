"""What stands in the text of a clause: responsible departments, cited documents with their numbers, sums, cells of tables.

Above `document`; `tables`, `structure` and the modules of `importing` may import it. Begin with `citations`.
"""
