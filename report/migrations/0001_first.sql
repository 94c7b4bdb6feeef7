-- Memory of the audits: what each run read, counted and found, how every case
-- went over the runs, and what reviewers decided. Numbers are masked unless
-- the run says otherwise; number_hash and owner_hash are HMAC-SHA-256 under the
-- key file that lies beside the database. docs/schema.md explains every column.

CREATE TABLE runs (
  run_id         INTEGER PRIMARY KEY,
  run_key        TEXT NOT NULL UNIQUE,     -- time and hash of inputs, configuration and version
  version        TEXT NOT NULL,
  started_at     TEXT NOT NULL,            -- RFC 3339, UTC
  finished_at    TEXT,                     -- null while the run is being written
  language       TEXT NOT NULL CHECK (language IN ('en', 'ja')),
  numbers        TEXT NOT NULL CHECK (numbers IN ('masked', 'revealed')),
  key_check      BLOB NOT NULL,            -- tells whether a key file is the one that this run used
  scheme         TEXT NOT NULL,
  max_fdr        REAL NOT NULL,
  review_floor   REAL NOT NULL,
  config_json    TEXT NOT NULL,            -- without jobs and memory, which change no result
  model_json     TEXT,
  peak_bytes     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE timings (
  run_id   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  stage    TEXT NOT NULL,
  seconds  REAL NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE warnings (
  run_id   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  dataset  TEXT NOT NULL,
  detail   TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- What each blocking rule of the candidate search came to.
CREATE TABLE blocks (
  run_id  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  rule    TEXT NOT NULL,
  keys    INTEGER NOT NULL,
  pairs   INTEGER NOT NULL,
  largest INTEGER NOT NULL,                -- people in the largest block
  refined INTEGER NOT NULL,                -- blocks over the limit that were narrowed
  PRIMARY KEY (run_id, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE inputs (
  run_id      INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  position    INTEGER NOT NULL,            -- 0 is the register
  dataset     TEXT NOT NULL,
  path        TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  sha256      TEXT NOT NULL,
  format      TEXT NOT NULL,
  compression TEXT NOT NULL,
  encoding    TEXT NOT NULL,
  headings    TEXT NOT NULL,               -- JSON array
  columns     TEXT NOT NULL,               -- JSON object: role to heading
  rows        INTEGER NOT NULL,
  judged      INTEGER NOT NULL,
  rejected    INTEGER NOT NULL,
  PRIMARY KEY (run_id, position),
  CHECK (rows = judged + rejected)
) STRICT, WITHOUT ROWID;

CREATE TABLE outputs (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name   TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

-- Links by dataset, verdict and cause: the only place where verified links are
-- counted beside "groups".
CREATE TABLE counts (
  run_id  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  dataset TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('verified', 'review', 'mislinked', 'orphan', 'unverifiable')),
  cause   TEXT NOT NULL,
  links   INTEGER NOT NULL,
  PRIMARY KEY (run_id, dataset, verdict, cause)
) STRICT, WITHOUT ROWID;

-- Denominators of every rate: links by one dimension at a time.
CREATE TABLE groups (
  run_id       INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  dimension    TEXT NOT NULL CHECK (dimension IN ('municipality', 'organization', 'month')),
  dataset      TEXT NOT NULL,
  prefecture   TEXT NOT NULL,
  value        TEXT NOT NULL,
  links        INTEGER NOT NULL,
  verified     INTEGER NOT NULL,
  review       INTEGER NOT NULL,
  mislinked    INTEGER NOT NULL,
  orphan       INTEGER NOT NULL,
  unverifiable INTEGER NOT NULL,
  PRIMARY KEY (run_id, dimension, dataset, prefecture, value),
  CHECK (links = verified + review + mislinked + orphan + unverifiable)
) STRICT, WITHOUT ROWID;

-- Findings by prefecture and cause, so that reports never walk the findings.
CREATE TABLE tallies (
  run_id     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  dataset    TEXT NOT NULL,
  prefecture TEXT NOT NULL,
  verdict    TEXT NOT NULL,
  cause      TEXT NOT NULL,
  findings   INTEGER NOT NULL,
  PRIMARY KEY (run_id, dataset, prefecture, verdict, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejects (
  run_id  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  dataset TEXT NOT NULL,
  reason  TEXT NOT NULL,
  rows    INTEGER NOT NULL,
  PRIMARY KEY (run_id, dataset, reason)
) STRICT, WITHOUT ROWID;

-- One case is one dataset, record and number, followed over the runs.
CREATE TABLE cases (
  case_id         TEXT PRIMARY KEY,
  dataset         TEXT NOT NULL,
  record_id       TEXT NOT NULL,
  number_hash     BLOB NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('open', 'resolved', 'decided')),
  first_run_id    INTEGER NOT NULL REFERENCES runs (run_id),
  last_run_id     INTEGER NOT NULL REFERENCES runs (run_id),
  last_finding_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX cases_by_record ON cases (dataset, record_id);
CREATE INDEX cases_by_status ON cases (status, dataset, last_run_id);

CREATE TABLE findings (
  finding_id     INTEGER PRIMARY KEY,      -- in order of dataset and source line within a run
  run_id         INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  case_id        TEXT NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  state          TEXT NOT NULL CHECK (state IN ('new', 'persisting', 'reopened', 'decided')),
  dataset        TEXT NOT NULL,
  record_id      TEXT NOT NULL,
  source_line    INTEGER NOT NULL,
  number         TEXT NOT NULL,
  number_hash    BLOB NOT NULL,
  verdict        TEXT NOT NULL CHECK (verdict IN ('review', 'mislinked', 'orphan', 'unverifiable')),
  cause          TEXT NOT NULL,
  p_wrong        REAL NOT NULL,
  weight         REAL NOT NULL,
  owner_number   TEXT NOT NULL,
  owner_hash     BLOB,                     -- null: nobody better was found
  p_owner        REAL,
  owner_weight   REAL,
  rule_class     TEXT NOT NULL,
  differences    TEXT NOT NULL,
  name_level     TEXT NOT NULL,
  kana_level     TEXT NOT NULL,
  birth_level    TEXT NOT NULL,
  sex_level      TEXT NOT NULL,
  address_level  TEXT NOT NULL,
  prefecture     TEXT NOT NULL,
  municipality   TEXT NOT NULL,
  organization   TEXT NOT NULL,
  date           TEXT NOT NULL,
  channel        TEXT NOT NULL,
  summary        TEXT NOT NULL,
  data_hash      BLOB NOT NULL,            -- of both rows as written: what a decision was made on
  dossier_id     INTEGER NOT NULL REFERENCES dossiers -- the finding whose dossier holds the same content
) STRICT;

CREATE INDEX findings_by_case ON findings (case_id, run_id);
CREATE INDEX findings_by_rank ON findings (run_id, verdict, p_wrong DESC);
CREATE INDEX findings_by_place ON findings (run_id, prefecture, municipality);
CREATE INDEX findings_by_organization ON findings (run_id, organization);
CREATE INDEX findings_by_owner ON findings (owner_hash) WHERE owner_hash IS NOT NULL;

-- The two rows and everything that explains a finding. A night that finds the
-- same again refers to the earlier dossier.
CREATE TABLE dossiers (
  dossier_id      INTEGER PRIMARY KEY,
  digest          BLOB NOT NULL,
  record_json     TEXT NOT NULL,
  holder_json     TEXT NOT NULL,
  evidence_json   TEXT NOT NULL,
  candidates_json TEXT NOT NULL,
  hypotheses_json TEXT NOT NULL
) STRICT;

CREATE TABLE case_events (
  event_id INTEGER PRIMARY KEY,
  case_id  TEXT NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  run_id   INTEGER NOT NULL REFERENCES runs,
  event    TEXT NOT NULL CHECK (event IN ('new', 'resolved', 'reopened'))
) STRICT;

CREATE INDEX case_events_by_case ON case_events (case_id, run_id);
CREATE INDEX case_events_by_run ON case_events (run_id, event);

-- Never updated: a reviewer who thinks again adds a row, and the row that it
-- replaces stays.
CREATE TABLE decisions (
  decision_id INTEGER PRIMARY KEY,
  case_id     TEXT NOT NULL REFERENCES cases,
  finding_id  INTEGER,                     -- what the reviewer saw
  decided_at  TEXT NOT NULL,
  reviewer    TEXT NOT NULL,
  decision    TEXT NOT NULL CHECK (decision IN ('mislinked', 'correct', 'unsure')),
  reason      TEXT NOT NULL DEFAULT '',
  comment     TEXT NOT NULL DEFAULT '',
  data_hash   BLOB NOT NULL,               -- the finding's: the decision holds while it is the same
  source      TEXT NOT NULL DEFAULT '',    -- the imported file and its SHA-256
  replaces    INTEGER REFERENCES decisions (decision_id)
) STRICT;

CREATE INDEX decisions_by_case ON decisions (case_id, decision_id);
CREATE INDEX decisions_by_replaced ON decisions (replaces) WHERE replaces IS NOT NULL;

-- Each entry holds the hash of the one before, so that no entry can be changed
-- or taken out unseen.
CREATE TABLE access_log (
  entry_id INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  detail   TEXT NOT NULL,
  previous BLOB NOT NULL,
  hash     BLOB NOT NULL
) STRICT;

-- Views. What reports and other programs read; columns are only ever added.

CREATE VIEW latest_run AS
SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1;

CREATE VIEW current_findings AS
SELECT f.* FROM findings f WHERE f.run_id = (SELECT run_id FROM latest_run);

CREATE VIEW evidence AS
SELECT f.finding_id, f.run_id, f.case_id, e.key AS position,
       e.value ->> 'comparison' AS comparison,
       e.value ->> 'level'      AS level,
       e.value ->> 'detail'     AS detail,
       e.value ->> 'm'          AS m,
       e.value ->> 'u'          AS u,
       e.value ->> 'adjustment' AS adjustment,
       e.value ->> 'weight'     AS weight
FROM findings f JOIN dossiers d USING (dossier_id), json_each(d.evidence_json) e;

CREATE VIEW candidates AS
SELECT f.finding_id, f.run_id, f.case_id, c.key + 1 AS rank,
       c.value ->> 'number'        AS number,
       c.value ->> 'number_hash'   AS number_hash,
       c.value ->> 'cause'         AS cause,
       c.value ->> 'posterior'     AS posterior,
       c.value ->> 'weight'        AS weight,
       c.value ->> 'register_line' AS register_line,
       c.value ->  'person'        AS person_json
FROM findings f JOIN dossiers d USING (dossier_id), json_each(d.candidates_json) c;

CREATE VIEW candidate_evidence AS
SELECT f.finding_id, f.run_id, f.case_id, c.key + 1 AS rank, e.key AS position,
       e.value ->> 'comparison' AS comparison,
       e.value ->> 'level'      AS level,
       e.value ->> 'detail'     AS detail,
       e.value ->> 'm'          AS m,
       e.value ->> 'u'          AS u,
       e.value ->> 'adjustment' AS adjustment,
       e.value ->> 'weight'     AS weight
FROM findings f JOIN dossiers d USING (dossier_id), json_each(d.candidates_json) c,
     json_each(c.value, '$.evidence') e;

CREATE VIEW hypotheses AS
SELECT f.finding_id, f.run_id, f.case_id, h.key AS position,
       h.value ->> 'cause'     AS cause,
       h.value ->> 'prior'     AS prior,
       h.value ->> 'posterior' AS posterior
FROM findings f JOIN dossiers d USING (dossier_id), json_each(d.hypotheses_json) h;

CREATE VIEW by_dataset AS
SELECT run_id, dataset, sum(links) AS links,
       sum(iif(verdict = 'mislinked', links, 0))    AS mislinked,
       sum(iif(verdict = 'review', links, 0))       AS review,
       sum(iif(verdict = 'orphan', links, 0))       AS orphan,
       sum(iif(verdict = 'unverifiable', links, 0)) AS unverifiable
FROM counts GROUP BY run_id, dataset;

CREATE VIEW by_prefecture AS
SELECT run_id, prefecture, sum(links) AS links, sum(mislinked) AS mislinked,
       sum(review) AS review, sum(orphan) AS orphan, sum(unverifiable) AS unverifiable
FROM groups WHERE dimension = 'municipality' GROUP BY run_id, prefecture;

CREATE VIEW by_municipality AS
SELECT run_id, prefecture, value AS municipality, sum(links) AS links, sum(mislinked) AS mislinked,
       sum(review) AS review, sum(orphan) AS orphan, sum(unverifiable) AS unverifiable
FROM groups WHERE dimension = 'municipality' GROUP BY run_id, prefecture, value;

CREATE VIEW by_organization AS
SELECT run_id, dataset, value AS organization, sum(links) AS links, sum(mislinked) AS mislinked,
       sum(review) AS review, sum(orphan) AS orphan, sum(unverifiable) AS unverifiable
FROM groups WHERE dimension = 'organization' GROUP BY run_id, dataset, value;

CREATE VIEW by_month AS
SELECT run_id, value AS month, sum(links) AS links, sum(mislinked) AS mislinked,
       sum(review) AS review, sum(orphan) AS orphan, sum(unverifiable) AS unverifiable
FROM groups WHERE dimension = 'month' GROUP BY run_id, value;

CREATE VIEW by_cause AS
SELECT run_id, cause, sum(iif(verdict = 'mislinked', links, 0)) AS mislinked,
       sum(iif(verdict = 'review', links, 0)) AS review
FROM counts WHERE verdict IN ('mislinked', 'review') GROUP BY run_id, cause;

CREATE VIEW open_cases AS
SELECT c.first_run_id, f.*
FROM cases c JOIN findings f ON f.finding_id = c.last_finding_id
WHERE c.status = 'open';

CREATE VIEW standing_decisions AS
SELECT d.* FROM decisions d
WHERE NOT EXISTS (SELECT 1 FROM decisions later WHERE later.replaces = d.decision_id);
