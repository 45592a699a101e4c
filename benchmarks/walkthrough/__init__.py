"""Every kind of move of the running demo, as three persons do it in a browser."""
