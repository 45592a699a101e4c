"""Shipped contract kits, builders and fakes, for third-party connectors too."""
