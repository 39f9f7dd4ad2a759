"""Ways to contain a worker, from a plain process to a sandbox."""
