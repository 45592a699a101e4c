"""Ways to sign on: the demo's named users, and the signed ticket that remembers who signed in."""
