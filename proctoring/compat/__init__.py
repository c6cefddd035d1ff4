"""
Names that code written for older sites expects where this app has none, mapped onto what there is.

Opt in by adding ``proctoring.compat`` to ``INSTALLED_APPS``, after ``proctoring``. Nothing of the app itself uses them.
"""
