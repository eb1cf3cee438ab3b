"""What runs a Program: one file each. `python` for one point, without NumPy; `numpy` for whole arrays.

May import `errors`, `ops` and `graph`.
"""
