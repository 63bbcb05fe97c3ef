-- A refresh whose answer was lost may be asked again for a while: what it takes to know the spent token, and to make the same answer once more.

ALTER TABLE sign_ins ADD COLUMN spent_hash BLOB    NOT NULL DEFAULT x''; -- SHA-256 of the refresh token that the good one replaced
ALTER TABLE sign_ins ADD COLUMN spent_at   INTEGER NOT NULL DEFAULT 0;   -- when it did
