"""Pictures of graphs: a plain description, its DOT text, and the SVG, PNG or PDF that Graphviz makes of it.

``picture`` says what there is to see, ``dot`` how it looks; ``render`` has it laid out by another process.
"""
