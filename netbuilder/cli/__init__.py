"""The same services from a terminal. Never imports Qt."""
