"""The vendor's signatures against the contract's vectors (appendix A)."""

import pytest

from verify_student.backends.software_secure.signature import authorization, canonical

DOCUMENT = {
    "EdX-ID": "6a1b2c3d-0000-4000-8000-000000000001",
    "ExpectedName": "Zoë Nguyễn",
    "PhotoID": "https://files.example.test/photo_id/abc",
    "PhotoIDKey": "S0VZ",
    "SendResponseTo": "https://lms.example.test/verify_student/results_callback",
    "UserPhoto": "https://files.example.test/face/abc",
    "UserPhotoKey": "RkFDRQ==",
}
HEADERS = {"Content-Type": "application/json", "Date": "Mon, 06 Jul 2026 10:00:00 GMT"}


def test_the_worked_vector():
    signed = authorization("ACCESSKEY", "SECRETKEY", HEADERS, DOCUMENT)
    assert signed == "SSI ACCESSKEY:ZxikOSUO7iSO0RT/RWrI/Gs+YVAQjtILZL3407/GaPw="


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ({"a": None, "b": True, "c": 1.5, "A": "x"}, ["A:x", "a:null", "b:True", "c:1.5"]),
        ({"a": {"b": 1, "c": {"d": 2}}}, ["a:b:1", "c:d:2"]),
        ({"a": [1, {"b": 2, "c": [3]}, "z"]}, ["a.0:1", "a.1.b:2", "c.0:3", "a.2:z"]),
        ({"r": [{"photoIdReasons": ["Not provided", "x"]}]}, ["photoIdReasons.0:Not provided", "photoIdReasons.1:x"]),
        ({"n": [None, [1, 2]]}, ["n.0:None", "n.1:[1, 2]"]),
        ({"a": []}, []),
        ({"a": {}}, []),
    ],
)
def test_the_canonical_form(body, lines):
    assert canonical(body) == "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("change", [{"ExpectedName": "Zoe Nguyen"}, {"More": 1}])
def test_every_field_counts(change):
    assert authorization("A", "S", HEADERS, DOCUMENT | change) != authorization("A", "S", HEADERS, DOCUMENT)
