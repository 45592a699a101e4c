"""Outside services behind ports: secrets, notices."""
