"""What a trained network is worth: its answers to a part of the data, mean loss and accuracy, and scores class by class."""
