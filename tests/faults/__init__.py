"""
Does anything get lost, or happen twice, when processes die and machines are away?

    python -m tests.faults --attempts 2000 --verifications 500

The demo LMS under gunicorn, Celery's workers and beat, a broker, PostgreSQL and two vendors, all of them processes of
this run's own; learners who behave as browsers do; and one fault after the other. When all has settled, what arrived at
the receiving ends is counted.
"""
