"""The command `bcctl`. Data goes to stdout, messages to stderr."""
