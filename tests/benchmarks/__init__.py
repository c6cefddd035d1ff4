"""The benchmarks themselves: that they can still be run."""
