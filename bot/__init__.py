"""The process: settings, wiring, the HTTP application, the command line, the schema of the database.

Nothing may import it; it imports every other package and hands each what it needs.
Begin with `cli` (commands), then `roles/serving.serve` (what happens at a start) and `runtime/services` (what a process holds).
"""
