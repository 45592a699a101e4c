"""The host side of acting: stop, start and rejoin database servers for a run, each order once (decisions 5, 15)."""
