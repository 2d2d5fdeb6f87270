"""The operators' desk: pages, API, access and audit."""
