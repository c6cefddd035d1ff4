"""Which methods the tables' classes get."""

from collections.abc import Callable, Mapping
from typing import Any

from verify_student.compat import others, photos
from verify_student.models import (
    SoftwareSecurePhotoVerification,
    SSOVerification,
    SSPVerificationRetryConfig,
    VerificationAttempt,
    VerificationDeadline,
)

Method = Callable[..., Any]

OF_ROWS: Mapping[type[Any], Mapping[str, Method]] = {
    SoftwareSecurePhotoVerification: {
        "upload_face_image": photos.upload_face_image,
        "upload_photo_id_image": photos.upload_photo_id_image,
        "download_face_image": photos.download_face_image,
        "download_photo_id_image": photos.download_photo_id_image,
        "mark_ready": photos.mark_ready,
        "submit": photos.submit,
        "mark_submit": photos.mark_submit,
        "mark_must_retry": photos.mark_must_retry,
        "approve": photos.approve,
        "deny": photos.deny,
        "system_error": photos.system_error,
        "parsed_error_msg": photos.parsed_error_msg,
    },
    SSOVerification: {"send_approval_signal": others.send_approval_signal},
}
OF_CLASSES: Mapping[type[Any], Mapping[str, Method]] = {
    SoftwareSecurePhotoVerification: {
        "retire_user": others.retire_photos,
        "update_expiry_email_date_for_user": others.update_expiry_email_date_for_user,
    },
    VerificationAttempt: {"retire_user": others.retire_attempts},
    VerificationDeadline: {
        "set_deadline": others.set_deadline,
        "deadlines_for_enrollments": others.deadlines_for_enrollments,
        "deadline_for_course": others.deadline_for_course,
    },
    SSPVerificationRetryConfig: {"current": others.current},
}


def attach() -> None:
    """Give the classes their methods."""
    for model, methods in OF_ROWS.items():
        for name, method in methods.items():
            setattr(model, name, method)
    for model, methods in OF_CLASSES.items():
        for name, method in methods.items():
            setattr(model, name, staticmethod(method))
