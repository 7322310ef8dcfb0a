"""Windows that ask for something and go away again: export, welcome. They may import panels' parts, plots and widgets."""
