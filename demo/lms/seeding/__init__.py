"""
The demo's content: people, one course, its exams, the vendor's account, attempts in many states. Runs again unharmed.
"""
