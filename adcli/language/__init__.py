"""The language: the parser from text to an AST, and the lowering of an AST to nodes of the graph.

May import `errors`, `ops` and `graph`.
"""
