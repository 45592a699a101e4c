"""Pure functions from read models to what a screen says; no streamlit here."""
