"""A platform with its own courses. Its Celery application runs tasks in the process that asks for them (settings)."""

from celery import Celery

app = Celery("campus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
