"""Plain HTTP around the pages: sign-in, the gate, metrics, health."""
