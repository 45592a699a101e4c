"""The shared database: tables, repositories, read models. PostgreSQL only, psycopg 3, synchronous."""
