"""The approval policy as something that two administrators change (FR-031, S2, S5)."""
