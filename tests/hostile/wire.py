"""What stands around the body of a request: its type, and odd headers."""

import random

# Not among them are encodings that are none of text, such as "rot13": Django fails before anybody else is asked.
TYPES = (
    *("application/json", "application/json", "application/json; charset=utf-16", "application/json; charset=none"),
    *("application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "text/plain", ""),
    *(
        "multipart/form-data; boundary=" + "x" * 300,
        "application/xml",
        "image/jpeg",
        "a/b/c",
        "application/json; charset=",
    ),
    *("application/x-www-form-urlencoded; charset=utf-7", "application/json; charset=\xff", "*/*", "text/html; q"),
)
HEADERS: dict[str, tuple[str, ...]] = {
    "Idempotency-Key": ("", " ", "k" * 191, "k" * 10_000, "\xff\xfe", '"a"', "a,b", "key"),
    "Accept": (
        "",
        "*/*",
        "text/html",
        "application/xml",
        "a",
        ";q=x",
        "*/*;q=1e999",
        "application/json;" * 200,
        "\xff",
    ),
    "Accept-Language": ("", "xx", "de;q=nan", "ar-" + "a" * 600, "*;q=-1", "zh-hans,zh-hant,\xff", "de," * 5000),
    "If-None-Match": ("*", '"a"', "W/", '"' + "x" * 5000, "\xff"),
    "If-Modified-Since": ("yesterday", "Mon, 01 Jan 0001 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT"),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1," * 500),
    "Authorization": (
        "Bearer",
        "Bearer \xff",
        "Basic ====",
        "Bearer " + "x" * 5000,
        "SSI ACCESSKEY:",
        "SSI a:b c",
        "\xff",
    ),
    "Content-Encoding": ("gzip", "br"),
    "X-Forwarded-For": ("", "not-an-address", "1.1.1.1," * 500),
    "X-HTTP-Method-Override": ("DELETE",),
    "Referer": ("http://[", "\xff", "javascript:"),
    "Cookie": ("demo_lms_session=\xff", "=;=;", "csrftoken=" + "a" * 5000, "django_language=../..", "a=b;" * 500),
    "HX-Request": ("true",),
    "HX-Current-URL": ("http://[", "%ff", "x" * 5000),
    "HX-Trigger": ("\xff", "%00"),
    "webhook-id": ("", "a.b", "x" * 300, "\xff", "1"),
    "webhook-timestamp": ("", "0", "9" * 40, "-1", "1e9", "²", "99999999999", "nan"),
    "webhook-signature": (
        "",
        "v1,",
        "v1,AAAA",
        "v1a,AAAA",
        "v1," + "A" * 9000,
        "v1,====",
        " ".join(["v1,AA=="] * 3000),
        "\xff",
    ),
}


def headers(rng: random.Random) -> dict[str, str]:
    """A few headers, mostly none. Their values are what a web server lets through."""
    if rng.random() < 0.6:
        return {}
    return {name: rng.choice(HEADERS[name]) for name in rng.sample(sorted(HEADERS), rng.randrange(1, 3))}
