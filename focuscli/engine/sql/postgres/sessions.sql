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
         ORDER BY segment_index, session LIMIT 1
           FOR UPDATE SKIP LOCKED)
RETURNING (SELECT session_id FROM session WHERE sequence = session) AS session_id, segment_index, attempt,
          (SELECT piece FROM session WHERE sequence = session) AS piece;

-- name: attend
UPDATE session
   SET attended_at = :now, used_at = :wall, lease_ends_at = :now + lease_s + :renewal_s,
       wanted_segments = greatest(wanted_segments, least(:wanted_segments, total_segments))
 WHERE session_id = :session_id;

-- name: renew_leases
UPDATE session SET attended_at = :now, lease_ends_at = :now + lease_s + least(lease_s / 4, :renewal_s)
 WHERE status = 'active';

-- name: beat
UPDATE segment SET heartbeat_at = :wall
 WHERE session = (SELECT sequence FROM session WHERE session_id = :session_id) AND segment_index = :segment_index;

-- name: vitals
SELECT status, (SELECT max(heartbeat_at) FROM segment WHERE session = sequence) AS heartbeat_at,
       EXISTS (SELECT 1 FROM segment WHERE session = sequence AND state = 'failed') AS failed,
       EXISTS (SELECT 1 FROM segment WHERE session = sequence AND state = 'claimed') AS working
  FROM session
 WHERE organization_id = :organization_id AND user_id = :user_id AND session_id = :session_id;

-- name: hold_session
SELECT sequence FROM session WHERE session_id = :session_id FOR NO KEY UPDATE;

-- name: hold_session_of
SELECT sequence FROM session
 WHERE sequence = (SELECT session FROM segment WHERE object_key = :object_key) FOR NO KEY UPDATE;

-- name: release_dead
UPDATE segment SET state = 'planned', owner = NULL, lease_ends_at = NULL
 WHERE state = 'claimed'
   AND NOT EXISTS (SELECT 1 FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = 1181705075 AND objsubid = 2
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND CAST(objid AS BIGINT) = CAST(substring(owner FROM '[0-9]+$') AS BIGINT));
