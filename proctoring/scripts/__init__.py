"""What runs without Django: by its path, or as ``python -m proctoring.scripts.<name>``."""
