"""Application windows (申报期): their rows in the database, the files they come in, and the days people type.

Above `publishing` (a window belongs to a published clause), beside `questions` and `importing`; everything above
`policies` may import it. Begin with `window` (the value), then `application_windows` (reading and keeping them).
"""
