-- How every name and display name looks, so that no two people can be taken for each other. The server fills it for people of before.
CREATE TABLE name_looks (
    look    TEXT    NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    shown   INTEGER NOT NULL,                       -- 1 of the display name, 0 of the name
    PRIMARY KEY (look, user_id, shown)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_looks_of_user ON name_looks (user_id, shown);

-- Whether somebody has signed in with a device before: asked for at every sign-in.
CREATE INDEX sign_ins_by_device ON sign_ins (user_id, device);
