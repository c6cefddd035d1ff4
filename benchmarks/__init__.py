"""Measurements. What is fast is shown here, never in a timed test."""
