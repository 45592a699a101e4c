"""Acts on PostgreSQL: moves a primary, proves it, brings the old one back. One module an action."""
