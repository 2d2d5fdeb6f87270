"""What a process stands on: settings, data folder, the port, the embedded Valkey, and the services opened from them.

Roles and commands may import it. It imports `upkeep` and `schema`, and every other package for the services.
Begin with `settings`, then `services.open_services`.
"""
