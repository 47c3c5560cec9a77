"""A country's brief: gathers the measures and renders them."""
