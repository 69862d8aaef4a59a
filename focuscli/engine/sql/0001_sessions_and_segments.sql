-- Sessions, their segments (which are the render queue), and the idempotency keys of starts.

CREATE TABLE session (
  sequence        INTEGER PRIMARY KEY,
  session_id      TEXT NOT NULL UNIQUE,
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('active', 'ended', 'stopped_cap')),
  goal            TEXT NOT NULL,
  engine_key      TEXT NOT NULL,
  target_minutes  INTEGER NOT NULL,
  total_segments  INTEGER NOT NULL,
  piece           TEXT NOT NULL,
  started_at      REAL NOT NULL,
  ended_at        REAL,
  end_reason      TEXT CHECK (end_reason IN ('client', 'cap', 'timeout', 'orphan', 'shutdown')),
  CHECK ((status = 'active') = (ended_at IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE INDEX session_of_owner ON session (organization_id, user_id, sequence);
CREATE INDEX session_active ON session (sequence) WHERE status = 'active';

CREATE TABLE segment (
  session             INTEGER NOT NULL REFERENCES session (sequence) ON DELETE CASCADE,
  segment_index       INTEGER NOT NULL,
  state               TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'ready', 'failed', 'dropped')),
  planned_duration_s  REAL NOT NULL,
  attempt             INTEGER NOT NULL DEFAULT 0,
  failures            INTEGER NOT NULL DEFAULT 0,
  not_before          REAL NOT NULL DEFAULT 0,
  owner               TEXT,
  lease_ends_at       REAL,
  failure             TEXT,
  object_key          TEXT UNIQUE,
  sha256              TEXT,
  size_bytes          INTEGER,
  measured_duration_s REAL,
  target_lufs         REAL,
  fade_in_ms          INTEGER,
  fade_out_ms         INTEGER,
  PRIMARY KEY (session, segment_index),
  CHECK ((state = 'claimed') = (owner IS NOT NULL) AND (owner IS NULL) = (lease_ends_at IS NULL)),
  CHECK ((state = 'ready') = (object_key IS NOT NULL)),
  CHECK (state <> 'ready' OR (sha256 IS NOT NULL AND size_bytes > 0 AND measured_duration_s > 0
         AND target_lufs IS NOT NULL AND fade_in_ms IS NOT NULL AND fade_out_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX segment_to_render ON segment (segment_index, session) WHERE state IN ('planned', 'claimed');

CREATE TABLE idempotency (
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  key             TEXT NOT NULL,
  request_sha256  TEXT NOT NULL,
  session_id      TEXT NOT NULL REFERENCES session (session_id) ON DELETE CASCADE,
  PRIMARY KEY (organization_id, user_id, key)
) STRICT, WITHOUT ROWID;
