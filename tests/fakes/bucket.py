"""A bucket on loopback: moto's S3 behind a gate that lets in only what botocore, too, would have signed so."""

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import WSGIRequestHandler, make_server

REGION = "eu-central-1"
KEY_ID, SECRET = "AKIAFOCUSTEST", "the-secret-of-the-bucket"
BUCKET = "listeners"

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Asked:
    """A request that reached the bucket."""

    method: str
    target: str
    headers: dict[str, str]
    presigned: bool


@dataclass
class BucketServer:
    """Where it is, what it was asked, and how it behaves from now on."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    away: bool = False
    refuse_next: int = 0
    """So many presigned requests are refused, as if they had come too late."""
    ahead: timedelta = timedelta(0)
    """How much later it is for the bucket: presigned URLs end by its clock."""

    def environment(self, **changed: str) -> dict[str, str]:
        """What an engine needs to know of it."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            **changed,
        }

    def content(self, key: str) -> bytes:
        """What an object holds, without asking over HTTP."""
        (backend,) = [one["aws"] for one in s3_backends.values()]
        return bytes(backend.get_object(BUCKET, key).value)

    def keys(self, prefix: str) -> list[str]:
        """The names of all objects below a prefix, without asking over HTTP."""
        (backend,) = [one["aws"] for one in s3_backends.values()]
        return sorted(name for name in backend.buckets[BUCKET].keys if name.startswith(f"{prefix}/"))


@contextmanager
def bucket_server(host: str = "127.0.0.1", port: int = 0) -> Iterator[BucketServer]:
    """Serve from a thread until the context is left; what is in the bucket stays as long as the process."""
    moto = create_backend_app("s3")
    location = (
        f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    )
    made = moto.test_client().put(f"/{BUCKET}", data=location, content_type="application/xml")
    assert made.status_code in {200, 409}, made.data  # moto keeps it as long as the process lives
    bucket = BucketServer("")
    server = make_server(host, port, _gated(moto, bucket), threaded=True, request_handler=_Quiet)
    bucket.url = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="bucket")
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        pass


def _gated(moto: App, bucket: BucketServer) -> App:
    def gate(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        }
        target = environ["RAW_URI"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        presigned = "X-Amz-Signature" in target
        bucket.asked.append(Asked(environ["REQUEST_METHOD"], target, headers, presigned))
        refusal = _refusal(bucket, environ["REQUEST_METHOD"], target, headers, presigned)
        if refusal:
            status, code = refusal
            start(status, [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><AWSAccessKeyId>{KEY_ID}</AWSAccessKeyId></Error>".encode()]
        return moto(environ, start)

    return gate


def _refusal(
    bucket: BucketServer, method: str, target: str, headers: dict[str, str], presigned: bool
) -> tuple[str, str] | None:
    if bucket.away:
        return "503 Service Unavailable", "SlowDown"
    if presigned and bucket.refuse_next:
        bucket.refuse_next -= 1
        return "403 Forbidden", "AccessDenied"
    check = _check_presigned if presigned else _check_signed
    return None if check(bucket, method, target, headers) else ("403 Forbidden", "AccessDenied")


def _check_presigned(bucket: BucketServer, method: str, target: str, headers: dict[str, str]) -> bool:
    """AWS Signature Version 4 in the query, and its expiry."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    made_at = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if datetime.now(UTC) + bucket.ahead > made_at + timedelta(seconds=int(query["X-Amz-Expires"])):
        return False
    unsigned, _, signature = target.partition("&X-Amz-Signature=")
    request = AWSRequest(method, f"{bucket.url}{unsigned}", headers={"host": headers["host"]})
    return signature == _signature(S3SigV4QueryAuth(_CREDENTIALS, "s3", REGION), request, query["X-Amz-Date"])


def _check_signed(bucket: BucketServer, method: str, target: str, headers: dict[str, str]) -> bool:
    """AWS Signature Version 4 in the Authorization header."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme != "AWS4-HMAC-SHA256" or not parts["Credential"].startswith(f"{KEY_ID}/"):
        return False
    signed = {name: headers[name] for name in parts["SignedHeaders"].split(";")}
    request = AWSRequest(method, f"{bucket.url}{target}", headers=signed)
    return parts["Signature"] == _signature(S3SigV4Auth(_CREDENTIALS, "s3", REGION), request, headers["x-amz-date"])


_CREDENTIALS = Credentials(KEY_ID, SECRET)


def _signature(auth: S3SigV4Auth, request: AWSRequest, timestamp: str) -> str:
    request.context["timestamp"] = timestamp
    return str(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
