-- A run that was taken out leaves its row behind, emptied: cases and their
-- histories refer to it, and numbers of runs are never given twice.
ALTER TABLE runs ADD COLUMN purged_at TEXT; -- RFC 3339, UTC; null: the run is whole

-- What the finding of a decision said, kept with the decision where the finding
-- was taken out; null otherwise.
ALTER TABLE decisions ADD COLUMN verdict TEXT;
ALTER TABLE decisions ADD COLUMN cause TEXT;
ALTER TABLE decisions ADD COLUMN prefecture TEXT;

DROP VIEW latest_run;
CREATE VIEW latest_run AS
SELECT * FROM runs WHERE finished_at IS NOT NULL AND purged_at IS NULL ORDER BY run_id DESC LIMIT 1;

-- Cases of which the latest run can say nothing: their row was rejected, or
-- their dataset was not read.
CREATE VIEW unseen_cases AS
SELECT * FROM cases
WHERE status <> 'resolved' AND last_run_id < (SELECT run_id FROM latest_run);
