"""One subcommand for each module."""
