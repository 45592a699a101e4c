"""Periodic collection by a poller that holds a shard's lease for a window (decision 10)."""
