"""PostgreSQL 13 to 18 over psycopg 3."""
