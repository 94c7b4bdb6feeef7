-- A prefecture's report reads how its findings lie by probability and weight,
-- and the surest of each cause, from the index alone: the findings themselves
-- are scattered over the whole file.
DROP INDEX findings_by_place;
CREATE INDEX findings_by_scope ON findings (run_id, prefecture, verdict, cause, p_wrong DESC, weight, state, dataset);
