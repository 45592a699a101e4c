"""The demo estate: real PostgreSQL pairs and a small web application on loopback, which can be broken and healed."""
