"""The targets of generated code, one file each."""
