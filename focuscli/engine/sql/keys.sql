-- name: add_organization
INSERT INTO organization VALUES (:organization_id, :created_at) ON CONFLICT DO NOTHING;

-- name: add_user
INSERT INTO "user" VALUES (:user_id, :created_at) ON CONFLICT DO NOTHING;

-- name: add_membership
INSERT INTO membership VALUES (:organization_id, :user_id) ON CONFLICT DO NOTHING;

-- name: add_key
INSERT INTO api_key (key_id, sha256, organization_id, user_id, name, created_at, expires_at)
VALUES (:key_id, :sha256, :organization_id, :user_id, :name, :created_at, :expires_at);

-- name: add_capability
INSERT INTO key_capability VALUES (:key_id, :capability);

-- name: keys
SELECT key_id, sha256, organization_id, user_id, name, created_at, expires_at, last_used_at, revoked_at,
       (SELECT group_concat(capability, ' ') FROM key_capability WHERE key_capability.key_id = api_key.key_id)
       AS capabilities
FROM api_key
ORDER BY created_at, key_id;

-- name: revoke
UPDATE api_key SET revoked_at = coalesce(revoked_at, :at) WHERE key_id = :key_id;

-- name: used
UPDATE api_key SET last_used_at = max(coalesce(last_used_at, 0), :at) WHERE key_id = :key_id;
