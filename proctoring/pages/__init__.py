"""Pages for people: the learner's and the instructor's."""
