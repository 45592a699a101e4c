"""Evidence packs: gathered, written once, signed by the audit's checkpoints, handed out, spoken about afterwards."""
