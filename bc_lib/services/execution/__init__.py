"""Execution of confirmed requests: start, the runner's loop, and what people decide about a run (decisions 5, 6)."""
