"""The library over HTTP: promote a segment, then list, get and delete the tracks."""

from starlette.responses import Response

from focuscli.engine.envelope import invalid, segment_not_found, track_not_found
from focuscli.engine.library import Library
from focuscli.engine.looking import Looking
from focuscli.engine.media_urls import MediaUrls
from focuscli.engine.promotion import Promotion
from focuscli.engine.resource import Call, json_response
from focuscli.engine.start_request import parse_title
from focuscli.engine.store import KeyReused
from focuscli.engine.wire import DeletedBody, TrackPage, track_body


class TrackRoutes:
    """Answers calls about tracks; each URL in an answer is signed for it."""

    def __init__(self, promotion: Promotion, library: Library, urls: MediaUrls, looking: Looking) -> None:
        self._promotion, self._library, self._urls, self._looking = promotion, library, urls, looking

    async def promote(self, call: Call) -> Response:
        """`POST …/focus/sessions/{session_id}/segments/{segment_index}/promote`: 201 with the track, 200 afterwards."""
        title, key = parse_title(await call.body()), call.idempotency_key()
        session_id, index = call.parameter("session_id"), call.parameter("segment_index")
        if not (index.isascii() and index.isdigit() and len(index) <= 9):
            raise segment_not_found(session_id, index)
        try:
            track, made = await self._promotion.promote(call.caller.owner, session_id, int(index), title, key)
        except KeyReused as exc:
            raise invalid("Idempotency-Key", "Idempotency-Key was used before with another request") from exc
        return json_response(track_body(track, await self._urls.of_track(call, track)), 201 if made else 200)

    async def page(self, call: Call) -> Response:
        """`GET …/tracks?limit&offset`: tracks, newest first, without URLs."""
        limit, offset = call.page()
        tracks = await self._looking(self._library.tracks, call.caller.owner, limit, offset)
        return json_response(TrackPage([track_body(track, None) for track in tracks], limit, offset))

    async def get(self, call: Call) -> Response:
        """`GET …/tracks/{track_id}`: the track with a freshly signed URL."""
        track_id = call.parameter("track_id")
        track = await self._looking(self._library.track, call.caller.owner, track_id)
        if track is None:
            raise track_not_found(track_id)
        return json_response(track_body(track, await self._urls.of_track(call, track)))

    async def delete(self, call: Call) -> Response:
        """`DELETE …/tracks/{track_id}`: the track and its audio are gone for good."""
        track_id = call.parameter("track_id")
        if not await self._promotion.delete(call.caller.owner, track_id):
            raise track_not_found(track_id)
        return json_response(DeletedBody(success=True, id=track_id, detail="Track deleted"))
