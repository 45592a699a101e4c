"""Where secrets come from: references resolved at the moment of use (SEC-005)."""
