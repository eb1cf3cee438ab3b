"""Formulas: values and derivatives of every kind, at one point or at many."""
