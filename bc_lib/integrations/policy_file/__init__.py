"""The approval policy as a YAML file (FR-031)."""
