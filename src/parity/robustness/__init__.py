"""What a ranking rests on: Monte Carlo, rank intervals, Sobol indices."""
