-- Who is mentioned and which emoji are one reaction is decided by other rules than before (docs/protocol.md, "Texts"). What is
-- stored is brought to them once, by the server itself, which has the rules: what it has not done yet stands here.
CREATE TABLE unfinished (step TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO unfinished (step) VALUES ('mentions'), ('reactions');
