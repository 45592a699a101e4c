"""Documents as HTML and PDF from one template (docs/decisions/0004-documents.md)."""
