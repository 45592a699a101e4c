"""Plans as data: (action, what was seen) -> ordered steps. Pure; a mechanism carries them out (decision 7)."""
