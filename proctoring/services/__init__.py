"""All behaviour: objects in, objects out. No HTTP, no framework, no task queue."""
