"""Taking a network away: one module per file format, and the proof that what was written computes the same.

A new format is a class with the `@declare` decorator in a module of its own; the export dialog and the command line derive
from it. Imports `net` and `core`; never `train` or `probe`.
"""
