"""Pages for the staff of a course."""
