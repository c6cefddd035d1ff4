"""The demo's tables in the Django admin, plainly."""

from typing import ClassVar

from django.contrib import admin

from demo.lms import models


class ByUser(admin.ModelAdmin):
    """Rows that belong to a user."""

    search_fields: ClassVar[list[str]] = ["user__username"]
    autocomplete_fields: ClassVar[list[str]] = ["user"]
    list_select_related: ClassVar[list[str]] = ["user"]


@admin.register(models.Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ["display_name", "course_id", "start", "end"]
    search_fields = ["display_name", "course_id"]


class QuestionInline(admin.TabularInline):
    model = models.Question
    extra = 0


@admin.register(models.Sequence)
class SequenceAdmin(admin.ModelAdmin):
    list_display = ["display_name", "kind", "backend", "time_limit_mins", "due"]
    list_filter = ["kind", "backend"]
    inlines = [QuestionInline]


@admin.register(models.UserProfile)
class UserProfileAdmin(ByUser):
    list_display = ["user", "name", "pending_name", "language", "time_zone", "retired_at"]


@admin.register(models.VerifiedName)
class VerifiedNameAdmin(ByUser):
    list_display = ["user", "verified_name", "profile_name", "status", "created"]
    list_filter = ["status"]


@admin.register(models.Enrollment)
class EnrollmentAdmin(ByUser):
    list_display = ["user", "course", "mode", "is_active"]
    list_filter = ["mode", "is_active"]


@admin.register(models.CourseRole)
class CourseRoleAdmin(ByUser):
    list_display = ["user", "course", "role"]


@admin.register(models.PersonalDueDate)
class PersonalDueDateAdmin(ByUser):
    list_display = ["user", "sequence", "due"]


@admin.register(models.CreditRequirement)
class CreditRequirementAdmin(admin.ModelAdmin):
    list_display = ["display_name", "course", "namespace", "order"]


@admin.register(models.CreditRequirementStatus)
class CreditRequirementStatusAdmin(ByUser):
    list_display = ["user", "requirement", "status", "writes"]
    list_filter = ["status"]


@admin.register(models.SubsectionGrade)
class SubsectionGradeAdmin(ByUser):
    list_display = ["user", "sequence", "earned", "possible", "overridden"]
    list_filter = ["overridden"]
    raw_id_fields = ["overrider"]


@admin.register(models.Certificate)
class CertificateAdmin(ByUser):
    list_display = ["user", "course", "status"]
    list_filter = ["status"]


@admin.register(models.Completion)
class CompletionAdmin(ByUser):
    list_display = ["user", "sequence"]


@admin.register(models.SupportNotification)
class SupportNotificationAdmin(admin.ModelAdmin):
    list_display = ["created", "exam_name", "student_username", "review_status"]


@admin.register(models.TrackedEvent)
class TrackedEventAdmin(admin.ModelAdmin):
    list_display = ["created", "name"]
