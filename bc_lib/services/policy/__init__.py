"""Changing the approval policy: two administrators, then the runner (S5, decisions 8 and 16)."""
