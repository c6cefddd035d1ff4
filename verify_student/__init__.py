"""Is this learner who they say they are."""
