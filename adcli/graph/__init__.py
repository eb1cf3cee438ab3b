"""Symbols: the arena of nodes, folding, derivatives as graph to graph, programs, printing, and what to say of a point.

May import `errors` and `ops`.
"""
