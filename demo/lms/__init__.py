"""Courses, enrolments, roles, grades, credit and certificates: what a host brings."""
