-- The samples that were drawn for review, with the design that estimates need:
-- how many cases each stratum had, and which of them were drawn.
CREATE TABLE samples (
  sample_id INTEGER PRIMARY KEY,
  run_id    INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  drawn_at  TEXT NOT NULL,
  seed      TEXT NOT NULL,
  filters   TEXT NOT NULL,        -- what the frame was narrowed to; empty: every open case
  digest    BLOB NOT NULL UNIQUE  -- of the run, the strata and the cases: the same sample is kept once
) STRICT;

CREATE INDEX samples_by_run ON samples (run_id);

CREATE TABLE sample_strata (
  sample_id INTEGER NOT NULL REFERENCES samples ON DELETE CASCADE,
  stratum   TEXT NOT NULL,        -- dataset/verdict/cause
  cases     INTEGER NOT NULL,
  drawn     INTEGER NOT NULL,
  PRIMARY KEY (sample_id, stratum),
  CHECK (drawn <= cases)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_cases (
  sample_id  INTEGER NOT NULL REFERENCES samples ON DELETE CASCADE,
  case_id    TEXT NOT NULL,
  stratum    TEXT NOT NULL,
  finding_id INTEGER NOT NULL,
  PRIMARY KEY (sample_id, case_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sample_cases_by_case ON sample_cases (case_id);
