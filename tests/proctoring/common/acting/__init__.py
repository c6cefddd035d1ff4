"""The framework of what staff do."""
