"""Pieces of HTML and charts; everything that comes from data is escaped here."""
