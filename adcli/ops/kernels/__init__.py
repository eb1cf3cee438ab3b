"""What the operations compute: on floats (`math` alone is imported) and, in `arrays.py`, on NumPy arrays."""
