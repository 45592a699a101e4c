"""Use cases, one verb a module; the only place where a permission is decided."""
