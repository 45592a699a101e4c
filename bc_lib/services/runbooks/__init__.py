"""Runbooks for paper: the current plan of each resource, group and action, for when no page answers (decision 14)."""
