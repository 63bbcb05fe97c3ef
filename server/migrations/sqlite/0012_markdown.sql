-- Texts are Markdown (docs/protocol.md, "Texts"): code, in which nobody is mentioned, may stand in quotes and lists, and have more forms than
-- before. Mentions are counted anew, once.
INSERT OR IGNORE INTO unfinished (step) VALUES ('mentions');
