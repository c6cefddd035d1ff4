"""A small real LMS, a vendor simulator and the story they play."""
