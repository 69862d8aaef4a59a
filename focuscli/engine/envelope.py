"""Errors as the wire has them: one envelope with all eight keys, whatever went wrong."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import msgspec


class ErrorType(StrEnum):
    """Whose fault it is, roughly."""

    CLIENT = "client_error"
    AUTHENTICATION = "authentication_error"
    AUTHORIZATION = "authorization_error"
    VALIDATION = "validation_error"
    RATE_LIMIT = "rate_limit_error"
    SERVER = "server_error"


class ErrorBody(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """What went wrong: exactly eight keys."""

    code: str
    message: str
    system_message: str
    kind: ErrorType
    status: int
    details: dict[str, Any]
    trace_id: Annotated[str, msgspec.Meta(pattern="^req_[0-9a-f]{12}$")]
    timestamp: str


class Envelope(msgspec.Struct, frozen=True):
    """What every error comes in."""

    success: bool
    error: ErrorBody


class ApiError(Exception):
    """An answer that is an error; raised anywhere below the face, which turns it into the envelope."""

    def __init__(
        self,
        status: int,
        code: str,
        kind: ErrorType,
        message: str,
        system_message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(system_message)
        self.status = status
        self.code = code
        self.kind = kind
        self.message = message
        self.system_message = system_message
        self.details = dict(details or {})
        self.headers = dict(headers or {})

    def body(self, trace_id: str, timestamp: str) -> bytes:
        """The envelope as JSON."""
        error = ErrorBody(
            code=self.code,
            message=self.message,
            system_message=self.system_message,
            kind=self.kind,
            status=self.status,
            details=self.details,
            trace_id=trace_id,
            timestamp=timestamp,
        )
        return msgspec.json.encode(Envelope(success=False, error=error))


def malformed(system_message: str) -> ApiError:
    """What came is not HTTP."""
    return ApiError(400, "BAD_REQUEST", ErrorType.CLIENT, "The request could not be understood.", system_message)


def authentication_required() -> ApiError:
    """No credentials at all."""
    return ApiError(
        401,
        "AUTHENTICATION_REQUIRED",
        ErrorType.AUTHENTICATION,
        "Authentication required. Please provide a valid API key.",
        "Missing or invalid authorization header",
        headers={"WWW-Authenticate": "Bearer"},
    )


def invalid_key() -> ApiError:
    """Credentials, but unknown ones."""
    return ApiError(
        401,
        "INVALID_API_KEY",
        ErrorType.AUTHENTICATION,
        "The API key is not valid.",
        "API key unknown",
        headers={"WWW-Authenticate": "Bearer"},
    )


def organization_denied() -> ApiError:
    """The caller is not in the organization of the path."""
    return ApiError(
        403,
        "ORGANIZATION_ACCESS_DENIED",
        ErrorType.AUTHORIZATION,
        "You do not have access to this organization.",
        "Caller does not belong to the organization",
    )


def forbidden(system_message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    """The caller, page or URL has no right to this."""
    return ApiError(
        403,
        "INSUFFICIENT_PERMISSIONS",
        ErrorType.AUTHORIZATION,
        "You do not have permission to access this resource.",
        system_message,
        details,
    )


def not_found(system_message: str, details: Mapping[str, Any]) -> ApiError:
    """Not there, or someone else's: the answer is the same."""
    return ApiError(
        404, "RESOURCE_NOT_FOUND", ErrorType.CLIENT, "The requested resource was not found.", system_message, details
    )


def session_not_found(session_id: str) -> ApiError:
    """No such session for this caller."""
    return not_found("Focus session not found", {"session_id": session_id})


def segment_not_found(session_id: str, segment_index: int | str) -> ApiError:
    """No such segment in the session, or it is not ready."""
    return not_found("Focus segment not found", {"session_id": session_id, "segment_index": segment_index})


def track_not_found(track_id: str) -> ApiError:
    """No such track for this caller."""
    return not_found("Track not found", {"track_id": track_id})


def method_not_allowed(method: str, allowed: str) -> ApiError:
    """The path exists, the method does not."""
    return ApiError(
        405,
        "METHOD_NOT_ALLOWED",
        ErrorType.CLIENT,
        "The method is not allowed for this resource.",
        f"{method} is not one of {allowed}",
        {"method": method},
        {"Allow": allowed},
    )


def payload_too_large(limit: int) -> ApiError:
    """The body is longer than any body this engine expects."""
    return ApiError(
        413,
        "PAYLOAD_TOO_LARGE",
        ErrorType.CLIENT,
        "The request body is too large.",
        f"The body is longer than {limit} bytes",
        {"limit_bytes": limit},
    )


def range_not_satisfiable(size: int) -> ApiError:
    """The body has nothing of the range."""
    return ApiError(
        416,
        "RANGE_NOT_SATISFIABLE",
        ErrorType.CLIENT,
        "The requested range cannot be satisfied.",
        f"The body has {size} bytes",
        {"size_bytes": size},
        {"Content-Range": f"bytes */{size}"},
    )


def misdirected(host: str) -> ApiError:
    """The Host header names something that this engine is not (a page that rebinds its name, say)."""
    return ApiError(
        421,
        "MISDIRECTED_REQUEST",
        ErrorType.CLIENT,
        "The request was sent to the wrong host.",
        "Host header is not one of this engine's",
        {"host": host},
    )


def invalid(field: str, system_message: str) -> ApiError:
    """A field of the request makes no sense."""
    return ApiError(
        422,
        "VALIDATION_ERROR",
        ErrorType.VALIDATION,
        "The request contains invalid parameters.",
        system_message,
        {"field": field},
    )


def rate_limited(retry_after_s: int) -> ApiError:
    """The key asked too often; the clients of this API ignore a Retry-After below 1."""
    return ApiError(
        429,
        "RATE_LIMIT_EXCEEDED",
        ErrorType.RATE_LIMIT,
        "Too many requests. Please slow down.",
        f"Rate limit of this API key or its organization exceeded, retry in {retry_after_s} s",
        {"retry_after_seconds": retry_after_s},
        {"Retry-After": str(retry_after_s)},
    )


def internal() -> ApiError:
    """A bug; the log has the rest under the trace id."""
    return ApiError(
        500,
        "INTERNAL_SERVER_ERROR",
        ErrorType.SERVER,
        "An internal error occurred.",
        "Unexpected failure, see the engine's log",
    )


def unavailable(system_message: str) -> ApiError:
    """Not now: shutting down, store locked, disk full."""
    return ApiError(
        503,
        "SERVICE_UNAVAILABLE",
        ErrorType.SERVER,
        "The service is temporarily unavailable.",
        system_message,
        headers={"Retry-After": "1"},
    )
