"""Requests: what a site answers in a second, as a share of what it could answer at most."""
