"""Many files as one data set, and a directory of parts as its result, one part per file."""
