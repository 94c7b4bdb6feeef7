-- Whether nothing tells the holder from another resident of the same name, birth
-- date and sex.
ALTER TABLE findings ADD COLUMN ambiguous INTEGER NOT NULL DEFAULT 0 CHECK (ambiguous IN (0, 1));
