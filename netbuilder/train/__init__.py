"""Learning: `engine` is the training loop, a generator of plain `events`; `setup` makes what it needs of a graph, data and a `recipe`.

Optimizers, losses, schedules and initialisers are declared one class each. `speed` holds what makes a step on a CPU fast,
`checkpointing` what survives it, `evaluation` what a network is worth, `trials` and `landscape` what is tried and drawn beside it.
Imports `net` and `data`; never `probe` or `exchange`.
"""
