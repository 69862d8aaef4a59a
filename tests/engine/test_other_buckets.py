"""URLs of Google's and Azure's buckets, signed without a network and checked by what their documents say."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from focuscli.engine.bucket import Bucket

KEY = "mfocus_00000000000a/00000.1.flac"


def asked_for(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_google_url_is_signed_by_the_service_account_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """V4 signing with a private key: cloud.google.com/storage/docs/authentication/signatures."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = {"client_email": "focus@example.iam.gserviceaccount.com", "private_key": pem, "private_key_id": "1"}
    file = tmp_path / "account.json"
    file.write_text(json.dumps({"type": "service_account", "project_id": "example", **account}))
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(file))
    caplog.set_level(logging.DEBUG)
    (url,) = Bucket("gs://listeners/team").links([KEY], 120.0)
    query = asked_for(url)
    assert (query["X-Goog-Expires"], urlsplit(url).path) == ("120", f"/listeners/team/{KEY}")
    signed = urlsplit(url).query.partition("&X-Goog-Signature=")[0]
    host = urlsplit(url).netloc
    request = f"GET\n/listeners/team/{KEY}\n{signed}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    scope = query["X-Goog-Credential"].partition("/")[2]
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"GOOG4-RSA-SHA256\n{query['X-Goog-Date']}\n{scope}\n{digest}"
    key.public_key().verify(bytes.fromhex(query["X-Goog-Signature"]), text.encode(), padding.PKCS1v15(), SHA256())
    assert "PRIVATE KEY" not in caplog.text


def test_an_azure_url_is_a_signature_for_one_blob_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service SAS: learn.microsoft.com/rest/api/storageservices/create-service-sas."""
    secret = b"k" * 64
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "focus")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", base64.b64encode(secret).decode())
    (url,) = Bucket("az://listeners/team").links([KEY], 120.0)
    query = asked_for(url)
    assert (query["sp"], query["sr"]) == ("r", "b"), "to read, and this blob alone"
    ends = datetime.fromisoformat(query["se"])
    assert timedelta(0) < ends - datetime.now(UTC) <= timedelta(seconds=120)
    resource = f"/blob/focus/listeners/team/{KEY}"
    fields = ["r", query["st"], query["se"], resource, "", "", "", query["sv"], "b", *[""] * 7]
    expected = hmac.new(secret, "\n".join(fields).encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sig"]) == expected
