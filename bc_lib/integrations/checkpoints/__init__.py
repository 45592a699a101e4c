"""Places where signed checkpoints of the audit log are kept, and the Ed25519 key that signs them."""
