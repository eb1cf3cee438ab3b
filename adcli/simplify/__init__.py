"""Simplify formulas so that people can read them.

May import `errors`, `ops` and `graph`.
"""
