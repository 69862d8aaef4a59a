-- Tracks that were promoted out of sessions, what segments cost, and idempotency keys for promotions as well.

CREATE TABLE track (
  sequence            INTEGER PRIMARY KEY,
  track_id            TEXT NOT NULL UNIQUE,
  organization_id     TEXT NOT NULL,
  user_id             TEXT NOT NULL,
  session_id          TEXT NOT NULL,
  segment_index       INTEGER NOT NULL,
  title               TEXT,
  engine_key          TEXT NOT NULL,
  licence_class       TEXT NOT NULL,
  instrumental        INTEGER NOT NULL,
  measured_duration_s REAL NOT NULL CHECK (measured_duration_s > 0),
  object_key          TEXT NOT NULL UNIQUE,
  sha256              TEXT NOT NULL,
  size_bytes          INTEGER NOT NULL CHECK (size_bytes > 0),
  created_at          REAL NOT NULL,
  UNIQUE (organization_id, user_id, session_id, segment_index)
) STRICT;

CREATE INDEX track_of_owner ON track (organization_id, user_id, sequence);

-- the price of each of its segments, as it was when the session started
ALTER TABLE session ADD COLUMN segment_microchf INTEGER NOT NULL DEFAULT 0 CHECK (segment_microchf >= 0);

-- one row a segment that became ready: the key is what keeps it from being charged twice
CREATE TABLE charge (
  session_id      TEXT NOT NULL,
  segment_index   INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  engine_key      TEXT NOT NULL,
  microchf        INTEGER NOT NULL CHECK (microchf >= 0),
  made_at         REAL NOT NULL,
  PRIMARY KEY (session_id, segment_index)
) STRICT, WITHOUT ROWID;

CREATE INDEX charge_of_organization ON charge (organization_id, made_at);
CREATE INDEX segment_claimed ON segment (session) WHERE state = 'claimed';

CREATE TABLE idempotency_of_any (
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  key             TEXT NOT NULL,
  request_sha256  TEXT NOT NULL,
  session_id      TEXT REFERENCES session (session_id) ON DELETE CASCADE,
  track_id        TEXT REFERENCES track (track_id) ON DELETE CASCADE,
  PRIMARY KEY (organization_id, user_id, key),
  CHECK ((session_id IS NULL) <> (track_id IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO idempotency_of_any (organization_id, user_id, key, request_sha256, session_id)
SELECT organization_id, user_id, key, request_sha256, session_id FROM idempotency;

DROP TABLE idempotency;
ALTER TABLE idempotency_of_any RENAME TO idempotency;
