-- name: insert
INSERT INTO track (track_id, organization_id, user_id, session_id, segment_index, title, engine_key, licence_class,
                   instrumental, measured_duration_s, object_key, sha256, size_bytes, created_at)
VALUES (:track_id, :organization_id, :user_id, :session_id, :segment_index, :title, :engine_key, :licence_class,
        :instrumental, :measured_duration_s, :object_key, :sha256, :size_bytes, :created_at)
    ON CONFLICT (organization_id, user_id, session_id, segment_index) DO NOTHING;

-- name: of_segment
SELECT * FROM track WHERE organization_id = :organization_id AND user_id = :user_id
   AND session_id = :session_id AND segment_index = :segment_index;

-- name: track
SELECT * FROM track WHERE organization_id = :organization_id AND user_id = :user_id AND track_id = :track_id;

-- name: tracks
SELECT * FROM track WHERE organization_id = :organization_id AND user_id = :user_id
 ORDER BY sequence DESC LIMIT :limit OFFSET :offset;

-- name: audio
SELECT * FROM track WHERE organization_id = :organization_id AND track_id = :track_id;

-- name: delete
DELETE FROM track WHERE organization_id = :organization_id AND user_id = :user_id AND track_id = :track_id
RETURNING object_key;

-- name: objects
SELECT object_key FROM track;

-- name: find_idempotency
SELECT request_sha256, track_id FROM idempotency
 WHERE organization_id = :organization_id AND user_id = :user_id AND key = :key;

-- name: insert_idempotency
INSERT INTO idempotency (organization_id, user_id, key, request_sha256, track_id)
VALUES (:organization_id, :user_id, :key, :request_sha256, :track_id);
