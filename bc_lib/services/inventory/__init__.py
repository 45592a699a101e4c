"""The inventory as something that two administrators change, where what can be moved is touched (S5)."""
