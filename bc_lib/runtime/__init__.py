"""Processes of this machine: the embedded PostgreSQL, its account, its folders, the supervisor."""
