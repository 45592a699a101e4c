"""The verified state of each resource and group, from stored requests and plans. Everything here only reads."""
