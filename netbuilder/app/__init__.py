"""Qt-free services that wire a session together: the session, the training runner, the run store, recovery."""
