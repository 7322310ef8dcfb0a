"""What brings the window up quickly: a lighter import of Qt, the code of all modules in one file, and heavy libraries afterwards."""
