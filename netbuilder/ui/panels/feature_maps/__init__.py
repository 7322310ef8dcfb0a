"""The Feature maps tab: one sample, what the network says about it, and what its layers make of it."""
