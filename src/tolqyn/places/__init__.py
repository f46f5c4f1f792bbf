"""Countries, regions, cities and checkpoints by name in many languages."""
