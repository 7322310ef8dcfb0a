"""Look inside a trained network: one module for each view. Imports `net` and `data`; never `train` or `exchange`."""
