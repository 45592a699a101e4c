"""What two administrators change together: one proposes, another agrees, the runner applies (S5, decisions 8, 16)."""
