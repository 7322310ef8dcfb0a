"""One module for each dockable panel."""
