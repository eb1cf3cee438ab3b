"""Pictures of graphs: a description, its DOT text, and the SVG, PNG or PDF that Graphviz draws from it.

``build`` makes the description of a graph, ``picture`` is the description, ``dot`` says how it looks, and ``render``
runs another process for the layout.
"""
