"""``manage.py check_adoption``: before an older site's tables are adopted, see ``proctoring.common.adoption``."""

from proctoring.common.adoption.command import CheckAdoptionCommand as Command

__all__ = ["Command"]
