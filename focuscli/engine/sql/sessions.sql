-- name: insert_session
INSERT INTO session (session_id, organization_id, user_id, status, goal, engine_key, target_minutes,
                     total_segments, piece, started_at, segment_microchf, wanted_segments, lease_s, lease_ends_at,
                     attended_at, used_at)
VALUES (:session_id, :organization_id, :user_id, 'active', :goal, :engine_key, :target_minutes,
        :total_segments, :piece, :started_at, :segment_microchf, :wanted_segments, :lease_s,
        :now + :lease_s + :renewal_s, :now, :started_at)
RETURNING sequence;

-- name: insert_segment
INSERT INTO segment (session, segment_index, state, planned_duration_s, wanted, not_before)
VALUES (:session, :segment_index, 'planned', :planned_duration_s, :wanted, :now);

-- name: insert_idempotency
INSERT INTO idempotency (organization_id, user_id, key, request_sha256, session_id)
VALUES (:organization_id, :user_id, :key, :request_sha256, :session_id);

-- name: find_idempotency
SELECT request_sha256, session_id FROM idempotency
 WHERE organization_id = :organization_id AND user_id = :user_id AND key = :key;

-- name: session
SELECT session.*, :now - attended_at AS unattended_s, coalesce(unready.segment_index, total_segments) AS ready_count,
       coming.segment_index AS next_index, coming.planned_duration_s AS next_duration_s
  FROM session
  LEFT JOIN segment AS unready ON unready.session = sequence AND unready.segment_index =
       (SELECT segment_index FROM segment WHERE session = sequence AND state <> 'ready'
         ORDER BY segment_index LIMIT 1)
  LEFT JOIN segment AS coming ON coming.session = sequence AND coming.segment_index =
       (SELECT segment_index FROM segment WHERE session = sequence AND state IN ('planned', 'claimed')
         ORDER BY segment_index LIMIT 1)
 WHERE organization_id = :organization_id AND user_id = :user_id AND session_id = :session_id;

-- name: sessions
SELECT session.*, :now - attended_at AS unattended_s,
       coalesce((SELECT segment_index FROM segment WHERE session = sequence AND state <> 'ready'
                  ORDER BY segment_index LIMIT 1), total_segments) AS ready_count,
       coming.segment_index AS next_index, coming.planned_duration_s AS next_duration_s
  FROM session
  LEFT JOIN segment AS coming ON coming.session = sequence AND coming.segment_index =
       (SELECT segment_index FROM segment WHERE session = sequence AND state IN ('planned', 'claimed')
         ORDER BY segment_index LIMIT 1)
 WHERE organization_id = :organization_id AND user_id = :user_id AND (CAST(:status AS TEXT) IS NULL OR status = :status)
 ORDER BY sequence DESC LIMIT :limit OFFSET :offset;

-- name: active
SELECT session.*, :now - attended_at AS unattended_s, 0 AS ready_count, NULL AS next_index, NULL AS next_duration_s
  FROM session WHERE status = 'active' ORDER BY sequence;

-- name: ready_prefix
SELECT segment_index, object_key, sha256, size_bytes, measured_duration_s, target_lufs, fade_in_ms, fade_out_ms
  FROM segment WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index < :ready_count ORDER BY segment_index;

-- name: segment
SELECT segment_index, object_key, sha256, size_bytes, measured_duration_s, target_lufs, fade_in_ms, fade_out_ms
  FROM segment WHERE session = (SELECT sequence FROM session
                                 WHERE session_id = :session_id AND organization_id = :organization_id)
   AND segment_index = :segment_index AND state = 'ready';

-- name: end_session
UPDATE session SET status = :status, ended_at = :ended_at, end_reason = :end_reason
 WHERE session_id = :session_id AND status = 'active';

-- name: end_orphans
UPDATE session SET status = 'ended', ended_at = :at, end_reason = 'orphan'
 WHERE status = 'active' AND lease_ends_at <= :now
RETURNING session_id;

-- name: attend
UPDATE session
   SET attended_at = :now, used_at = :wall, lease_ends_at = :now + lease_s + :renewal_s,
       wanted_segments = max(wanted_segments, min(:wanted_segments, total_segments))
 WHERE session_id = :session_id;

-- name: want
UPDATE segment SET wanted = TRUE, not_before = :now
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id AND status = 'active')
   AND segment_index < :wanted_segments AND state = 'planned' AND NOT wanted;

-- name: rest_sessions
UPDATE session SET wanted_segments = 0
 WHERE status = 'active' AND wanted_segments > 0 AND attended_at <= :now - :unattended_s;

-- name: rest_segments
UPDATE segment SET wanted = FALSE
 WHERE state = 'planned' AND wanted
   AND session IN (SELECT sequence FROM session WHERE status = 'active' AND wanted_segments = 0);

-- name: lease_of
SELECT lease_s FROM session WHERE session_id = :session_id;

-- name: renew_leases
UPDATE session SET attended_at = :now, lease_ends_at = :now + lease_s + min(lease_s / 4, :renewal_s)
 WHERE status = 'active';

-- name: beat
UPDATE session SET heartbeat_at = :wall WHERE session_id = :session_id;

-- name: vitals
SELECT status, heartbeat_at,
       EXISTS (SELECT 1 FROM segment WHERE session = sequence AND state = 'failed') AS failed,
       EXISTS (SELECT 1 FROM segment WHERE session = sequence AND state = 'claimed') AS working
  FROM session
 WHERE organization_id = :organization_id AND user_id = :user_id AND session_id = :session_id;

-- name: drop_unready
UPDATE segment SET state = 'dropped', owner = NULL, lease_ends_at = NULL
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index >= :from_index AND state IN ('planned', 'claimed');

-- name: claim
UPDATE segment
   SET state = 'claimed', attempt = attempt + 1,
       failures = failures + CASE WHEN state = 'claimed' AND attempt >= :most_losses THEN 1 ELSE 0 END,
       owner = :owner, lease_ends_at = :now + :lease_s
 WHERE (session, segment_index) =
       (SELECT session, segment_index FROM segment
         WHERE state IN ('planned', 'claimed') AND wanted
           AND (state = 'planned' AND not_before <= :now
                OR state = 'claimed' AND lease_ends_at <= :now
                   AND (attempt < :most_losses OR failures + 1 < :max_failures))
         ORDER BY segment_index, session LIMIT 1)
RETURNING (SELECT session_id FROM session WHERE sequence = session) AS session_id, segment_index, attempt,
          (SELECT piece FROM session WHERE sequence = session) AS piece;

-- name: renew
UPDATE segment SET lease_ends_at = :now + :lease_s
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index = :segment_index AND attempt = :attempt AND state = 'claimed';

-- name: finish
UPDATE segment
   SET state = 'ready', owner = NULL, lease_ends_at = NULL, object_key = :object_key, sha256 = :sha256,
       size_bytes = :size_bytes, measured_duration_s = :measured_duration_s, target_lufs = :target_lufs,
       fade_in_ms = :fade_in_ms, fade_out_ms = :fade_out_ms
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index = :segment_index AND attempt = :attempt
   AND (state = 'claimed' OR state = 'ready' AND object_key = :object_key);

-- name: release
UPDATE segment SET state = 'planned', owner = NULL, lease_ends_at = NULL
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index = :segment_index AND attempt = :attempt AND state = 'claimed';

-- name: release_failed
UPDATE segment
   SET state = CASE WHEN failures + 1 < :max_failures THEN 'planned' ELSE 'failed' END, failures = failures + 1,
       failure = :failure, not_before = :now + :back_off_s * (failures + 1), owner = NULL, lease_ends_at = NULL
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id)
   AND segment_index = :segment_index AND attempt = :attempt AND state = 'claimed'
RETURNING state;

-- name: expired_for_good
SELECT (SELECT session_id FROM session WHERE sequence = session) AS session_id, segment_index, attempt,
       '' AS piece
  FROM segment
 WHERE state IN ('planned', 'claimed') AND wanted AND state = 'claimed' AND lease_ends_at <= :now
   AND attempt >= :most_losses AND failures + 1 >= :max_failures;

-- name: hold_session
SELECT sequence FROM session WHERE session_id = :session_id;

-- name: hold_session_of
SELECT session FROM segment WHERE object_key = :object_key;

-- name: has_work
SELECT EXISTS (SELECT 1 FROM segment WHERE state IN ('planned', 'claimed') AND wanted);

-- name: standing
SELECT (SELECT count(*) FROM session WHERE status = 'active') AS active_sessions, count(*) AS waiting_segments,
       coalesce(max(:now - not_before), 0.0) AS waiting_s
  FROM segment WHERE state = 'planned' AND wanted AND not_before <= :now;

-- name: lose
UPDATE segment
   SET state = CASE (SELECT status FROM session WHERE sequence = session) WHEN 'active' THEN 'planned'
               ELSE 'dropped' END,
       object_key = NULL, not_before = :now, resting = FALSE, wanted = TRUE
 WHERE object_key = :object_key;

-- name: expired_objects
SELECT object_key FROM segment
 WHERE state = 'ready' AND session IN (SELECT sequence FROM session WHERE ended_at <= :ended_before);

-- name: drop_expired
UPDATE segment SET state = 'dropped', object_key = NULL, resting = FALSE
 WHERE state = 'ready' AND session IN (SELECT sequence FROM session WHERE ended_at <= :ended_before);

-- name: release_all
UPDATE segment SET state = 'planned', owner = NULL, lease_ends_at = NULL WHERE state = 'claimed';

-- name: forget_back_off
UPDATE segment SET not_before = :now WHERE state = 'planned';

-- name: ready_objects
SELECT object_key, size_bytes FROM segment WHERE state = 'ready' AND NOT resting;

-- name: bytes_kept
SELECT CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM segment WHERE state = 'ready' AND NOT resting;

-- name: least_recently_used
SELECT object_key, size_bytes, segment_index, status = 'active' AS is_active, wanted_segments,
       CAST(target_minutes * 60.0 / total_segments AS DOUBLE PRECISION) AS nominal_s
  FROM segment JOIN session ON sequence = segment.session
 WHERE state = 'ready' AND NOT resting
 ORDER BY is_active, used_at, sequence, segment_index;

-- name: rest_object
UPDATE segment SET resting = TRUE WHERE object_key = :object_key;

-- name: drop_object
UPDATE segment SET state = 'dropped', object_key = NULL WHERE object_key = :object_key;
