"""Pages: thin scripts. What they say comes from presenters, how it looks from components."""
