"""The inspector at the right: one layer, several layers, a block, or the whole network. `panel` chooses which view is shown."""
