"""The process: settings, wiring, HTTP application, command line, migrations."""
