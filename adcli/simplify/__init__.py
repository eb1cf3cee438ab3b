"""Simplification of formulas for people to read."""
