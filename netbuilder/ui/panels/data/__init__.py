"""The Data tab: where samples come from, how they are split, and what they look like."""
