"""The version, in a module of its own so that the modules that print it do not import the package."""

__version__ = "0.1.0"
