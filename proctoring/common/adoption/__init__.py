"""
Adopting the tables of a site that ran the older apps: what there is, what of it looks broken, and what that means.

Everything is read by the published schema alone, so that it can be asked before our own columns are there, and nothing
is written.
"""

from proctoring.common.adoption.looking import Finding, adopted, looked_at
from proctoring.common.adoption.published import Published
from proctoring.common.adoption.questions import Question

__all__ = ["Finding", "Published", "Question", "adopted", "looked_at"]
