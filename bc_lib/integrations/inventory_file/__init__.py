"""The inventory as a YAML file that people write; demo/estate.yaml documents the format."""
