-- Who tends a session: its lease and when somebody last asked for it (the store's monotonic clock), when it was
-- last used (Unix seconds), the last sign of life of its renderer, and how many segments are wanted by now. What an
-- older engine planned is wanted whole.

ALTER TABLE session ADD lease_s REAL CHECK (lease_s > 0);
ALTER TABLE session ADD lease_ends_at REAL;
ALTER TABLE session ADD attended_at REAL NOT NULL DEFAULT 0;
ALTER TABLE session ADD used_at REAL NOT NULL DEFAULT 0;
ALTER TABLE session ADD heartbeat_at REAL;
ALTER TABLE session ADD wanted_segments INTEGER NOT NULL DEFAULT 0;
UPDATE session SET used_at = coalesce(ended_at, started_at), wanted_segments = total_segments;
CREATE INDEX session_leased ON session (lease_ends_at) WHERE status = 'active' AND lease_ends_at IS NOT NULL;

-- resting: ready and listed, but its audio was given up for the quota and is rendered again when asked for
ALTER TABLE segment ADD wanted INTEGER NOT NULL DEFAULT 1 CHECK (wanted IN (0, 1));
ALTER TABLE segment ADD resting INTEGER NOT NULL DEFAULT 0 CHECK (resting IN (0, 1));
DROP INDEX segment_to_render;
CREATE INDEX segment_to_render ON segment (segment_index, session) WHERE state IN ('planned', 'claimed') AND wanted;

-- the number of the newest backup: a database that knows of fewer than there are has lost something
CREATE TABLE backup (number INTEGER NOT NULL) STRICT;
INSERT INTO backup VALUES (0);
