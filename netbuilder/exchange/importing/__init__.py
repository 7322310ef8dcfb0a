"""Networks of other programs as graphs: what they are made of is found out, never guessed, and proved to compute the same."""
