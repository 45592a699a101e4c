"""The audit log for people: view, export, verify, seal with signed checkpoints (FR-040..042, SEC-003)."""
