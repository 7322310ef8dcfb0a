"""Services without Qt: the `session` of a window or script, the training `runner`, recorded `runs`, preferences and recovery.

Imports everything below; torch lazily. `ui` and `cli` are built on it.
"""
