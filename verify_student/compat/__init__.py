"""
Opt-in: the verifications' own methods, as platforms call them (contract §1.4-1.9). Add ``verify_student.compat`` to
``INSTALLED_APPS``, behind ``verify_student``.
"""
