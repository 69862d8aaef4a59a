-- name: price
SELECT organization_id, segment_microchf FROM session
 WHERE session_id = :session_id
   AND NOT EXISTS (SELECT 1 FROM charge WHERE session_id = :session_id AND segment_index = :segment_index);

-- name: spent
SELECT CAST(coalesce(sum(microchf), 0) AS BIGINT) FROM charge WHERE organization_id = :organization_id AND made_at >= :since;

-- name: reserved
SELECT CAST(coalesce(sum(segment_microchf), 0) AS BIGINT) FROM segment JOIN session ON sequence = session
 WHERE state = 'claimed' AND organization_id = :organization_id
   AND NOT EXISTS (SELECT 1 FROM charge WHERE charge.session_id = session.session_id
                      AND charge.segment_index = segment.segment_index);

-- name: charge
INSERT INTO charge (session_id, segment_index, organization_id, engine_key, microchf, made_at)
SELECT session_id, :segment_index, organization_id, engine_key, segment_microchf, :made_at
  FROM session WHERE session_id = :session_id
    ON CONFLICT DO NOTHING;

-- name: by_engine
SELECT engine_key, count(*) AS track_count, CAST(sum(microchf) AS BIGINT) AS microchf FROM charge
 WHERE organization_id = :organization_id AND made_at >= :since
 GROUP BY engine_key ORDER BY engine_key;
