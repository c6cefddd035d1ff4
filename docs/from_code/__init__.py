"""
Parts of the pages that are read from the code: what is there appears in them by itself.

``pages.DIRECTIVES`` has a function for each, which answers with reStructuredText. Django has to be set up before.
"""
