"""The recipes of docs/adding.md, executed: each adds something small to a copy of the package and runs it."""
