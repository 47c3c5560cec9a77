"""Commands: parse, call, print. Computes nothing."""
