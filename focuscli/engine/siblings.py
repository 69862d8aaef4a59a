"""Two other public session APIs on the same sessions: a tool that was written for either can end one.

AgentHuman: `POST /v1/sessions/{session_id}/end`, where ending twice succeeds twice. Emogg: `POST
/v1/sessions/{id}/stop`, where stopping what is not active is an error. Each refuses in its own shape.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from focuscli.clock import wire_time
from focuscli.engine.envelope import ApiError, ErrorType, session_not_found, unavailable
from focuscli.engine.looking import Looking
from focuscli.engine.resource import Authorized, Call, Endpoint, json_response
from focuscli.engine.sessions import Sessions, life_s
from focuscli.engine.store import StoredSession, StoreUnavailable, Vitals
from focuscli.model import SessionStatus

LONGEST_NAME = 256
EMOGG_VERSION = 1


class AgentHumanSession(msgspec.Struct, frozen=True):
    """A session that is over, as AgentHuman tells of it."""

    session_id: str
    status: str
    started_at: str
    ended_at: str


class AgentHumanAnswer(msgspec.Struct, frozen=True):
    """What AgentHuman answers when a session is over."""

    success: bool
    session: AgentHumanSession


class AgentHumanUnauthorized(msgspec.Struct, frozen=True):
    """How AgentHuman refuses whoever has no key."""

    error: str


class AgentHumanProblem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong, and perhaps what to do about it."""

    message: str
    suggestion: str = ""


class AgentHumanRefusal(msgspec.Struct, frozen=True):
    """How AgentHuman refuses anything else."""

    success: bool
    error: AgentHumanProblem


class EmoggRefusal(msgspec.Struct, frozen=True):
    """How Emogg refuses."""

    error: bool
    status: int
    message: str


class EmoggMeta(msgspec.Struct, frozen=True, rename="camel"):
    """Until when a session may live, when its worker was last heard of, and what that does."""

    expires: str
    health_check: str | None
    worker_state: str


class EmoggSession(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A session as Emogg has it; `duration` in seconds, times with milliseconds."""

    id: str
    name: str
    type: str
    state: str
    timestamp: str
    duration: float
    config: dict[str, Any]
    sources: list[Any]
    meta: EmoggMeta
    product: str
    user: str
    version: int


class Siblings:
    """Answers the ending calls of both APIs."""

    def __init__(self, sessions: Sessions, authorized: Authorized, looking: Looking) -> None:
        self._sessions, self._looking = sessions, looking
        self.end: Endpoint = _shaped(authorized(self._end), _agenthuman_refusal)
        """`POST /v1/sessions/{session_id}/end`, AgentHuman's."""
        self.stop: Endpoint = _shaped(authorized(self._stop), _emogg_refusal)
        """`POST /v1/sessions/{session_id}/stop`, Emogg's."""

    async def _end(self, call: Call) -> Response:
        _, session = await self._stopped(call)
        ended = AgentHumanSession(
            session_id=session.session_id,
            status="ended",
            started_at=wire_time(_moment(session.started_at)),
            ended_at=wire_time(_moment(session.ended_at or session.started_at)),
        )
        return json_response(AgentHumanAnswer(success=True, session=ended))

    async def _stop(self, call: Call) -> Response:
        won, session = await self._stopped(call)
        if not won:
            raise ApiError(400, "VALIDATION_ERROR", ErrorType.CLIENT, "Session is not active", "Session is not active")
        vitals = await self._looking(self._sessions.vitals, call.caller.owner, session.session_id)
        if vitals is None:
            raise session_not_found(session.session_id)
        return json_response(_emogg_session(session, vitals, call.caller.owner.user_id))

    async def _stopped(self, call: Call) -> tuple[bool, StoredSession]:
        session_id = call.parameter("session_id")
        won, session = await asyncio.to_thread(self._sessions.stop, call.caller.owner, session_id)
        if session is None:
            raise session_not_found(session_id)
        return won, session


def _shaped(endpoint: Endpoint, shape: Callable[[ApiError], Any]) -> Endpoint:
    """The endpoint with its refusals in another shape than our envelope."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as exc:
            refusal = exc
        except StoreUnavailable:
            refusal = unavailable("The store is not available")
        response = json_response(shape(refusal), refusal.status)
        response.headers.update(refusal.headers)
        return response

    return answer


def _agenthuman_refusal(error: ApiError) -> AgentHumanUnauthorized | AgentHumanRefusal:
    if error.status == 401:
        return AgentHumanUnauthorized(
            "API key required" if error.code == "AUTHENTICATION_REQUIRED" else "Invalid API key"
        )
    if error.status == 404:
        problem = AgentHumanProblem("Session not found", "Check the session id; it is only seen by its owner.")
    else:
        problem = AgentHumanProblem(error.message)
    return AgentHumanRefusal(success=False, error=problem)


def _emogg_refusal(error: ApiError) -> EmoggRefusal:
    message = "Session not found" if error.status == 404 else error.message
    return EmoggRefusal(error=True, status=error.status, message=message)


def _emogg_session(session: StoredSession, vitals: Vitals, user_id: str) -> EmoggSession:
    ended_at = session.started_at if session.ended_at is None else session.ended_at
    return EmoggSession(
        id=session.session_id,
        name=f"{session.goal}, {session.target_minutes} minutes"[:LONGEST_NAME],
        type="focus",
        state="active" if session.status is SessionStatus.ACTIVE else "finished",
        timestamp=_milliseconds(session.started_at),
        duration=round(max(0.0, ended_at - session.started_at), 3),
        config={"goal": session.goal, "target_minutes": session.target_minutes, "engine": session.engine_key},
        sources=[],
        meta=EmoggMeta(
            expires=_milliseconds(session.started_at + life_s(session.target_minutes)),
            health_check=None if vitals.heartbeat_at is None else _milliseconds(vitals.heartbeat_at),
            worker_state=vitals.worker_state,
        ),
        product="focus",
        user=user_id,
        version=EMOGG_VERSION,
    )


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def _milliseconds(unix_s: float) -> str:
    return _moment(unix_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")
