-- What a text was when it was written: a bit that the disk turned over leaves a text that reads well and is another. Texts from before have none.
ALTER TABLE entries ADD COLUMN sum INTEGER;         -- CRC-32 of text; none where there is no text
