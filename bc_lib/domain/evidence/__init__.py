"""Evidence packs: what is stored about them, and what is said about them afterwards."""
