"""The demo LMS with its scripts and styles, where no other server stands before it."""

from django.contrib.staticfiles.handlers import StaticFilesHandler

from demo.wsgi import application as site

application = StaticFilesHandler(site)
