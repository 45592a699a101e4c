"""How long writes stop when a PostgreSQL pair changes roles: the bare sequence, the peers and this product, one client.

`python -m benchmarks.switchover --help`; `make bench-switchover` runs all of it. Everything stays on loopback.
"""
