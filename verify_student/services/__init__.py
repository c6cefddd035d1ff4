"""All behaviour; objects in, objects out."""
