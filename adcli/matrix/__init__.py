"""Derivatives of formulas of vectors and matrices, written as formulas."""
