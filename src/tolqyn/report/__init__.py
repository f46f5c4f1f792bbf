"""Charts, maps and the situation report, each figure bound to its evidence."""
