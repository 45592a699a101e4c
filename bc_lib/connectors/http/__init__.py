"""HTTP applications over httpx."""
