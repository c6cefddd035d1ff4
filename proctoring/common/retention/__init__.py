"""
How long personal data stays, what keeps it longer, and how it goes.

*Policies* say it for each kind of data, and are what learners read, what the purge obeys and what the documentation
shows. A *hold* keeps the data of a learner from being purged or erased. An *erasure* takes what is kept of a learner,
and leaves a *certificate*. An *export* gives a learner all of it.

Import the modules: ``periods`` is read by settings modules, before there are models.
"""
