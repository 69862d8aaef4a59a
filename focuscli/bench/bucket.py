"""What it costs to have the audio in a bucket: loading what speaks to it, and signing a session's URLs."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from focuscli.bench.terms import URL_TTL_S
from focuscli.clock import SystemClock
from focuscli.engine.bucket import Bucket
from focuscli.engine.objects import object_key
from focuscli.engine.signing import Signer
from focuscli.engine.signing_ring import SigningRing

SEGMENTS = 30
MOST_US = 1000.0
"""The CPU time that the URLs of one answer may take (the mark: a GET with 30 presigned URLs ≤ 1 ms)."""

_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "no secret at all",
    "AWS_REGION": "eu-central-1",
    "AZURE_STORAGE_ACCOUNT_NAME": "example",
    "AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(b"k" * 64).decode(),
}
_LOAD = "import time; began = time.process_time(); import {}; print(time.process_time() - began)"


def measure(quick: bool) -> list[dict[str, Any]]:
    """CPU time of importing obstore and boto3 (where it is installed), and of signing 30 URLs in four ways."""
    rounds = 20 if quick else 400
    os.environ.update(_ENVIRONMENT)
    keys = [object_key("mfocus_00000000000a", index, 1) for index in range(SEGMENTS)]
    signing = {"the engine itself": _engine(), "s3": _bucket("s3"), "az": _bucket("az")}
    with suppress(ImportError):
        signing["boto3, to compare"] = _boto3()
    rows = [_signed(name, sign, keys, rounds) for name, sign in signing.items()]
    return rows + [_loaded(name, 3 if quick else 10) for name in ("obstore", "boto3")]


def _signed(name: str, sign: Callable[[list[str]], object], keys: list[str], rounds: int) -> dict[str, Any]:
    sign(keys)
    best_s = min(_spent(lambda: sign(keys)) for _ in range(rounds))
    is_ours = "compare" not in name
    return {"what": f"30 URLs by {name}", "cpu_us": round(best_s * 1e6), "ok": not is_ours or best_s * 1e6 <= MOST_US}


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _engine() -> Callable[[list[str]], object]:
    with TemporaryDirectory() as folder:
        ring = SigningRing(Path(folder) / "signing.json", SystemClock(), URL_TTL_S)
    signer = Signer(ring.secrets, ring.deployment, URL_TTL_S, SystemClock())
    return lambda keys: signer.sign_all([f"/v1/media/org_local/{key}" for key in keys])


def _bucket(scheme: str) -> Callable[[list[str]], object]:
    bucket = Bucket(f"{scheme}://listeners/team")
    return lambda keys: bucket.links(keys, URL_TTL_S)


def _boto3() -> Callable[[list[str]], object]:
    import boto3

    client = boto3.client("s3")

    def sign(keys: list[str]) -> object:
        where = [{"Bucket": "listeners", "Key": f"team/{key}"} for key in keys]
        return [client.generate_presigned_url("get_object", Params=one, ExpiresIn=int(URL_TTL_S)) for one in where]

    return sign


def _loaded(module: str, rounds: int) -> dict[str, Any]:
    times = []
    for _ in range(rounds):
        words = [sys.executable, "-c", _LOAD.format(module)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return {"what": f"import {module}", "cpu_us": None, "ok": module != "obstore"}
        times.append(float(done.stdout))
    return {"what": f"import {module}", "cpu_us": round(min(times) * 1e6), "ok": True}
