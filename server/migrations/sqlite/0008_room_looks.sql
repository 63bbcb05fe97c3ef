-- How the name of a public room looks as it is written, so that no two can be taken for each other: name_key folds the case first, which
-- misses what is alike in one case only. The server fills it for rooms of before.
ALTER TABLE rooms ADD COLUMN name_look TEXT NOT NULL DEFAULT '';
CREATE INDEX rooms_public_look ON rooms (name_look) WHERE kind = 0 AND deleted_at IS NULL;
