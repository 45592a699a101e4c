"""Proofs of votes: Ed25519 signatures, and the demo's keys (SEC-007, decision 16)."""
