"""Learning: one engine that is a generator of plain events, and what it is made of.

Optimizers, schedules, losses and the rest are declared one class each. Imports `net` and `data`; never `probe` or `exchange`.
"""
