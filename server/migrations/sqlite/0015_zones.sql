-- The time zone that somebody shows, by its IANA name.
ALTER TABLE users ADD COLUMN tz TEXT;
