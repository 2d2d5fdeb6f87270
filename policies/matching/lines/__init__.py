"""Conditions and rules of sums as lines that a person reads and writes at the desk. All is pure.

Above `conditions`, `facts` and `sums`; the desk imports it. Begin with `benefit_lines`, then `sum_lines`.
"""
