"""Adapters of the port host_control: how hosts of database servers are reached."""
