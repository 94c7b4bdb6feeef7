-- What the run measured on itself: planted faults by cause, and decoys.
ALTER TABLE runs ADD COLUMN self_check_json TEXT; -- null where it was switched off, or the run is older
