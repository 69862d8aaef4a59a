-- Organizations, the users in them, and the keys with which they call.

CREATE TABLE organization (
  organization_id TEXT PRIMARY KEY,
  created_at      REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  user_id    TEXT PRIMARY KEY,
  created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
  organization_id TEXT NOT NULL REFERENCES organization (organization_id),
  user_id         TEXT NOT NULL REFERENCES user (user_id),
  PRIMARY KEY (organization_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  key_id          TEXT PRIMARY KEY,
  sha256          BLOB NOT NULL CHECK (length(sha256) = 32),
  organization_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  name            TEXT NOT NULL,
  created_at      REAL NOT NULL,
  expires_at      REAL,
  last_used_at    REAL,
  revoked_at      REAL,
  FOREIGN KEY (organization_id, user_id) REFERENCES membership (organization_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_capability (
  key_id     TEXT NOT NULL REFERENCES api_key (key_id),
  capability TEXT NOT NULL,
  PRIMARY KEY (key_id, capability)
) STRICT, WITHOUT ROWID;
