"""Explanations of one point: notes on kinks, poles and nan, and the passes step by step."""
