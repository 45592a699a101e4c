"""What two administrators change together: proposals, and which changes of the inventory need one (S5)."""
