"""Short trials before a training: the learning-rate range test and the sanity checks."""
