"""Pictures of graphs: a description, its DOT text, and the SVG, PNG or PDF that Graphviz draws from it.

``build`` makes the description of a graph, ``picture`` holds it, ``dot`` writes it with its colours and shapes, and
``render`` runs another process for the layout.
"""
