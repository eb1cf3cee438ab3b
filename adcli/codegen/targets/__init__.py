"""The targets of generated code, a file each. docs/targets.md says how to add one."""
