"""The focus session over HTTP: start, get, list, end."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response

from focuscli.clock import wire_time
from focuscli.engine.envelope import invalid, session_not_found
from focuscli.engine.looking import Looking
from focuscli.engine.media_urls import MediaUrls
from focuscli.engine.pace import Pace
from focuscli.engine.resource import Call, json_response
from focuscli.engine.sessions import Sessions
from focuscli.engine.start_request import parse_extension, parse_start
from focuscli.engine.store import KeyReused, StoredSession
from focuscli.engine.wire import SessionPage, listed_session, segment_body, session_body
from focuscli.model import SessionStatus


class SessionRoutes:
    """Answers calls about sessions; each URL in an answer is signed for it."""

    def __init__(
        self, sessions: Sessions, pace: Pace, urls: MediaUrls, work_to_do: Callable[[], None], looking: Looking
    ) -> None:
        """`work_to_do` is called when a session was started."""
        self._sessions, self._pace, self._urls = sessions, pace, urls
        self._work_to_do, self._looking = work_to_do, looking

    async def start(self, call: Call) -> Response:
        """`POST …/focus/sessions`: 202 with the active session."""
        request = parse_start(await call.body())
        extension, key = parse_extension(call.request.headers), call.idempotency_key()
        try:
            session = await asyncio.to_thread(self._sessions.start, call.caller.owner, request, extension, key)
        except KeyReused as exc:
            raise invalid("Idempotency-Key", "Idempotency-Key was used before with another request") from exc
        self._work_to_do()
        return _leased(session, json_response(session_body(session, self._next_ready_at(session), []), 202))

    async def get(self, call: Call) -> Response:
        """`GET …/focus/sessions/{session_id}`: the session with freshly signed URLs."""
        session_id = call.parameter("session_id")
        found = await self._looking(self._sessions.listing, call.caller.owner, session_id)
        if found is None:
            raise session_not_found(session_id)
        session, segments = found
        if self._sessions.is_due(session):
            await asyncio.to_thread(self._sessions.attend, session)
            self._work_to_do()
        urls = await self._urls.of_segments(call, session_id, segments)
        bodies = [segment_body(segment, url) for segment, url in zip(segments, urls, strict=True)]
        return _leased(session, json_response(session_body(session, self._next_ready_at(session), bodies)))

    async def end(self, call: Call) -> Response:
        """`POST …/focus/sessions/{session_id}/end`: the session as it stands afterwards, without its segments."""
        session_id = call.parameter("session_id")
        session = await asyncio.to_thread(self._sessions.end, call.caller.owner, session_id)
        if session is None:
            raise session_not_found(session_id)
        return json_response(session_body(session, self._next_ready_at(session), []))

    async def page(self, call: Call) -> Response:
        """`GET …/focus/sessions?status&limit&offset`: sessions, newest first."""
        limit, offset = call.page()
        sessions = await self._looking(self._sessions.page, call.caller.owner, _status(call), limit, offset)
        items = [listed_session(session, self._next_ready_at(session)) for session in sessions]
        return json_response(SessionPage(items=items, limit=limit, offset=offset))

    def _next_ready_at(self, session: StoredSession) -> str | None:
        moment = self._pace.next_ready_at(session)
        return None if moment is None else wire_time(moment)


def _leased(session: StoredSession, response: Response) -> Response:
    """Tell the client of the lease that it has to renew by asking again."""
    if session.lease_s is not None and session.status is SessionStatus.ACTIVE:
        response.headers["X-Focus-Lease"] = f"{session.lease_s:g}"
    return response


def _status(call: Call) -> SessionStatus | None:
    text = call.request.query_params.get("status")
    if text is None:
        return None
    if text not in tuple(SessionStatus):
        raise invalid("status", f"status must be one of {', '.join(SessionStatus)}")
    return SessionStatus(text)
