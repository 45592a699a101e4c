"""Schedules: dates become requests, and nothing else (FR-052)."""
