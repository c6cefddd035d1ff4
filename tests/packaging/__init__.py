"""What is given out: source distribution and wheel."""
