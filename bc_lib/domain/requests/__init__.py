"""A request for a state change: its states, who must agree, what exactly was agreed to, and for how long."""
