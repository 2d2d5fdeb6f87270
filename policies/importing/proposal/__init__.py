"""What an import proposes: a report on the document that was read, and how it differs from what is published.

Above `structure`, `pairing` and `clause_parts`; the modules of `importing` may import it. Begin with `propose`, then `report`.
"""
