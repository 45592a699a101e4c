"""Execution of a confirmed request: steps, journal, findings, outcome and what may be said about loss."""
