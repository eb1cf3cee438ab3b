"""The graph of a formula: its nodes, their derivatives as nodes, their values, their power series and their text.

May import `errors` and `ops`.
"""
