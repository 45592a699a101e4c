"""Protocols that services need. Docstrings state atomicity, errors and the meaning of results."""
