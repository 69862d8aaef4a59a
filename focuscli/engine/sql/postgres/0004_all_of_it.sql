-- Everything as it is in SQLite after its step 0004; from there on a step has the same number in both. Sessions, their
-- segments (which are the render queue), tracks, money, idempotency keys, and the keys with which engines are called.

CREATE TABLE session (
  sequence         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id       TEXT NOT NULL UNIQUE,
  organization_id  TEXT NOT NULL,
  user_id          TEXT NOT NULL,
  status           TEXT NOT NULL CHECK (status IN ('active', 'ended', 'stopped_cap')),
  goal             TEXT NOT NULL,
  engine_key       TEXT NOT NULL,
  target_minutes   INTEGER NOT NULL,
  total_segments   INTEGER NOT NULL,
  piece            TEXT NOT NULL,
  started_at       DOUBLE PRECISION NOT NULL,
  ended_at         DOUBLE PRECISION,
  end_reason       TEXT CHECK (end_reason IN ('client', 'cap', 'timeout', 'orphan', 'shutdown')),
  segment_microchf BIGINT NOT NULL DEFAULT 0 CHECK (segment_microchf >= 0),
  lease_s          DOUBLE PRECISION CHECK (lease_s > 0),
  lease_ends_at    DOUBLE PRECISION,
  attended_at      DOUBLE PRECISION NOT NULL,
  used_at          DOUBLE PRECISION NOT NULL,
  wanted_segments  INTEGER NOT NULL,
  CHECK ((status = 'active') = (ended_at IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
);

CREATE INDEX session_of_owner ON session (organization_id, user_id, sequence);
CREATE INDEX session_active ON session (sequence) WHERE status = 'active';
CREATE INDEX session_leased ON session (lease_ends_at) WHERE status = 'active' AND lease_ends_at IS NOT NULL;
CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL;

-- the heartbeat of a renderer stands here and not in the session, so that who renders waits for nobody who ends one
CREATE TABLE segment (
  session             BIGINT NOT NULL REFERENCES session (sequence) ON DELETE CASCADE,
  segment_index       INTEGER NOT NULL,
  state               TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'ready', 'failed', 'dropped')),
  planned_duration_s  DOUBLE PRECISION NOT NULL,
  attempt             INTEGER NOT NULL DEFAULT 0,
  failures            INTEGER NOT NULL DEFAULT 0,
  not_before          DOUBLE PRECISION NOT NULL DEFAULT 0,
  owner               TEXT,
  lease_ends_at       DOUBLE PRECISION,
  heartbeat_at        DOUBLE PRECISION,
  failure             TEXT,
  object_key          TEXT UNIQUE,
  sha256              TEXT,
  size_bytes          BIGINT,
  measured_duration_s DOUBLE PRECISION,
  target_lufs         DOUBLE PRECISION,
  fade_in_ms          INTEGER,
  fade_out_ms         INTEGER,
  wanted              BOOLEAN NOT NULL DEFAULT TRUE,
  resting             BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (session, segment_index),
  CHECK ((state = 'claimed') = (owner IS NOT NULL) AND (owner IS NULL) = (lease_ends_at IS NULL)),
  CHECK ((state = 'ready') = (object_key IS NOT NULL)),
  CHECK (state <> 'ready' OR (sha256 IS NOT NULL AND size_bytes > 0 AND measured_duration_s > 0
         AND target_lufs IS NOT NULL AND fade_in_ms IS NOT NULL AND fade_out_ms IS NOT NULL))
) WITH (fillfactor = 70);

CREATE INDEX segment_to_render ON segment (segment_index, session) WHERE state IN ('planned', 'claimed') AND wanted;
CREATE INDEX segment_claimed ON segment (session) WHERE state = 'claimed';

CREATE TABLE track (
  sequence            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  track_id            TEXT NOT NULL UNIQUE,
  organization_id     TEXT NOT NULL,
  user_id             TEXT NOT NULL,
  session_id          TEXT NOT NULL,
  segment_index       INTEGER NOT NULL,
  title               TEXT,
  engine_key          TEXT NOT NULL,
  licence_class       TEXT NOT NULL,
  instrumental        BOOLEAN NOT NULL,
  measured_duration_s DOUBLE PRECISION NOT NULL CHECK (measured_duration_s > 0),
  object_key          TEXT NOT NULL UNIQUE,
  sha256              TEXT NOT NULL,
  size_bytes          BIGINT NOT NULL CHECK (size_bytes > 0),
  created_at          DOUBLE PRECISION NOT NULL,
  UNIQUE (organization_id, user_id, session_id, segment_index)
);

CREATE INDEX track_of_owner ON track (organization_id, user_id, sequence);

-- one row a segment that became ready: the key is what keeps it from being charged twice
CREATE TABLE charge (
  session_id      TEXT NOT NULL,
  segment_index   INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  engine_key      TEXT NOT NULL COLLATE "C",
  microchf        BIGINT NOT NULL CHECK (microchf >= 0),
  made_at         DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (session_id, segment_index)
);

CREATE INDEX charge_of_organization ON charge (organization_id, made_at);

CREATE TABLE idempotency (
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  key             TEXT NOT NULL,
  request_sha256  TEXT NOT NULL,
  session_id      TEXT REFERENCES session (session_id) ON DELETE CASCADE,
  track_id        TEXT REFERENCES track (track_id) ON DELETE CASCADE,
  PRIMARY KEY (organization_id, user_id, key),
  CHECK ((session_id IS NULL) <> (track_id IS NULL))
);

CREATE INDEX idempotency_of_track ON idempotency (track_id) WHERE track_id IS NOT NULL;

CREATE TABLE organization (
  organization_id TEXT PRIMARY KEY,
  created_at      DOUBLE PRECISION NOT NULL
);

CREATE TABLE "user" (
  user_id    TEXT PRIMARY KEY,
  created_at DOUBLE PRECISION NOT NULL
);

CREATE TABLE membership (
  organization_id TEXT NOT NULL REFERENCES organization (organization_id),
  user_id         TEXT NOT NULL REFERENCES "user" (user_id),
  PRIMARY KEY (organization_id, user_id)
);

CREATE TABLE api_key (
  key_id          TEXT COLLATE "C" PRIMARY KEY,
  sha256          BYTEA NOT NULL CHECK (length(sha256) = 32),
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  name            TEXT NOT NULL,
  created_at      DOUBLE PRECISION NOT NULL,
  expires_at      DOUBLE PRECISION,
  last_used_at    DOUBLE PRECISION,
  revoked_at      DOUBLE PRECISION,
  FOREIGN KEY (organization_id, user_id) REFERENCES membership (organization_id, user_id)
);

CREATE TABLE key_capability (
  key_id     TEXT NOT NULL REFERENCES api_key (key_id),
  capability TEXT NOT NULL,
  PRIMARY KEY (key_id, capability)
);

-- whoever makes work or changes keys tells every engine so, with the commit and whatever sentence it was
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('focus', TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE TRIGGER work_planned AFTER INSERT ON segment
  FOR EACH ROW WHEN (NEW.state = 'planned' AND NEW.wanted) EXECUTE FUNCTION tell('work');
CREATE TRIGGER work_again AFTER UPDATE ON segment
  FOR EACH ROW WHEN (NEW.state = 'planned' AND NEW.wanted AND NOT (OLD.state = 'planned' AND OLD.wanted))
  EXECUTE FUNCTION tell('work');
CREATE TRIGGER key_made AFTER INSERT ON api_key FOR EACH ROW EXECUTE FUNCTION tell('keys');
CREATE TRIGGER key_changed AFTER UPDATE ON api_key
  FOR EACH ROW WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at)
  EXECUTE FUNCTION tell('keys');
