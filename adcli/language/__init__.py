"""Text to AST to graph: the tables and the parser, the AST, and the lowering of an AST to nodes of the graph.

May import `errors`, `ops` and `graph`; knows nothing of backends or of the command line.
"""
