"""Clients and servers for the benchmarks, most of them a process of their own."""
