"""The Runs tab: recorded trainings in a table, with their curves side by side."""
