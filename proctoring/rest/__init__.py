"""The browsers' and the vendors' door (contract rest.md); thin over the services."""
