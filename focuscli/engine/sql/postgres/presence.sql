-- An engine is present as long as one connection of it holds the lock of its number, in the class of engines.

-- name: come_in
SELECT pg_advisory_lock(1181705075, 0);

-- name: leave_the_door
SELECT pg_advisory_unlock(1181705075, 0);

-- name: be_present
SELECT pg_try_advisory_lock(1181705075, :number);

-- name: are_others
SELECT EXISTS (SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND classid = 1181705075 AND objsubid = 2 AND objid > 0 AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND pid <> pg_backend_pid());

-- name: listen
LISTEN focus;
