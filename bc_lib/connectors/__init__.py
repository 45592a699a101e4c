"""One package a platform; found through the registry, drivers load on first use."""
