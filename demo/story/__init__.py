"""The story the demo plays: a learner who passes, one who does not, and a vendor that stutters. Real HTTP only."""
