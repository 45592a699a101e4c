"""Schedules: what is to be asked for, when, and whom to tell before (FR-050, FR-051). They never act (FR-052)."""
