"""The targets of generated code, a file each. docs/targets.md describes how to add one."""
