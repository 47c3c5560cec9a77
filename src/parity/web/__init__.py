"""The browser app and its JSON API: the same calls as the command line, computing nothing itself."""
