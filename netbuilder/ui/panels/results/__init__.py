"""The Results tab: how good the answers to a part of the data are, class by class."""
