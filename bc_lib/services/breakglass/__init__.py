"""Break-glass: grant, use, review, list (SEC-006)."""
