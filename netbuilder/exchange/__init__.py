"""Import and export, one module for each format; every export is reloaded and compared. Imports `net` and `data`."""
