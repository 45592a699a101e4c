"""Whether a way to recover was really tested, and whether that is still what there is. Never part of health."""
