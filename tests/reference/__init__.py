"""The independent 50-digit reference of the test suite; nothing in here imports the package under test."""
