-- name: keys
SELECT key_id, sha256, organization_id, user_id, name, created_at, expires_at, last_used_at, revoked_at,
       (SELECT string_agg(capability, ' ') FROM key_capability WHERE key_capability.key_id = api_key.key_id)
       AS capabilities
FROM api_key
ORDER BY created_at, key_id;

-- name: used
UPDATE api_key SET last_used_at = greatest(last_used_at, :at) WHERE key_id = :key_id;
