"""Our own copies of photos, who looked at them, and what reviewers of ours think."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verify_student.models.photos import SoftwareSecurePhotoVerification


class PhotoKind(models.TextChoices):
    """Which of the two photos; the value is the folder of the vendor's copy (contract §2.3)."""

    FACE = "face", _("face")
    PHOTO_ID = "photo_id", _("ID")


class StoredPhoto(models.Model):
    """
    One photo of ours at rest: a file under the storage, encrypted under the key ``key_id``.

    ``vendor_name`` is the vendor's copy beside it, empty where there is none. A row without files (``deleted_at``) says
    that there was a photo.
    """

    id = models.BigAutoField(primary_key=True)
    verification = models.ForeignKey(
        SoftwareSecurePhotoVerification, on_delete=models.CASCADE, related_name="photos", verbose_name=_("verification")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PhotoKind.choices)
    name = models.CharField(_("file"), max_length=255)
    vendor_name = models.CharField(_("vendor's file"), max_length=255, blank=True, default="")
    key_id = models.CharField(_("key"), max_length=64)
    content_type = models.CharField(_("type"), max_length=32)
    size = models.PositiveIntegerField(_("size in bytes"))
    # Of our file as it lies there, in hex: it shows later which file was deleted. Empty for photos of older releases.
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("taken"), default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [models.UniqueConstraint(fields=["verification", "kind"], name="verify_student_photo_once")]
        indexes = [
            models.Index(fields=["deleted_at", "created_at"], name="verify_student_photo_age"),
            models.Index(fields=["created_at"], name="verify_student_photo_made"),
            # Which files are a photo's.
            models.Index(fields=["name"], name="verify_student_photo_file"),
            models.Index(fields=["vendor_name"], name="verify_student_photo_copy"),
        ]
        permissions = [("see_photos", _("Can see learners' photos"))]

    def __str__(self) -> str:
        return f"Photo {self.pk} ({self.kind})"


class PhotoAccess(models.Model):
    """Somebody looked at a photo (W31). Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    verification = models.ForeignKey(
        SoftwareSecurePhotoVerification,
        on_delete=models.CASCADE,
        related_name="accesses",
        verbose_name=_("verification"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PhotoKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    purpose = models.CharField(_("purpose"), max_length=64)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False, db_index=True)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("look at a photo")
        verbose_name_plural = _("looks at photos")

    def __str__(self) -> str:
        return f"Look {self.pk} at {self.kind} for {self.purpose}"


class LocalOpinion(models.Model):
    """What one reviewer of ours thinks of a verification; with four eyes, two who agree decide."""

    id = models.BigAutoField(primary_key=True)
    verification = models.ForeignKey(
        SoftwareSecurePhotoVerification,
        on_delete=models.CASCADE,
        related_name="opinions",
        verbose_name=_("verification"),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("reviewer")
    )
    approves = models.BooleanField(_("approves"))
    # Codes of contract §3.4, with commas.
    reasons = models.CharField(_("reasons"), max_length=255, blank=True, default="")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("reviewer's opinion")
        verbose_name_plural = _("reviewers' opinions")
        constraints = [models.UniqueConstraint(fields=["verification", "reviewer"], name="verify_student_opinion_once")]
        indexes = [models.Index(fields=["at"], name="verify_student_opinion_at")]

    def __str__(self) -> str:
        return f"Opinion {self.pk} of verification {self.verification_id}"
