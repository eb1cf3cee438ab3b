"""Doctests of modules whose extra is not installed are not collected."""

from importlib.util import find_spec

collect_ignore = ["tests/typing"]  # for mypy alone
collect_ignore += [] if find_spec("llvmlite") else ["adcli/backends/llvm"]
