"""The learner's pages: thin views over the services, in the learner's time zone."""
