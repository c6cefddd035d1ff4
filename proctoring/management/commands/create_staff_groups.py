"""``manage.py create_staff_groups``: the groups that both apps propose, see ``proctoring.common.groups``."""

from proctoring.common.groups import StaffGroupsCommand as Command

__all__ = ["Command"]
