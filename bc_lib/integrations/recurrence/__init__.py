"""Calendar rules of RFC 5545."""
