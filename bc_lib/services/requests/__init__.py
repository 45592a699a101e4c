"""What people do with requests, one verb a module. Each takes a Gate and an Actor, and raises Denial to refuse."""
