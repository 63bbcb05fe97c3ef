//! What is moved: every table with its columns, those first that others point to. A test holds the list against both schemas.

/// A table of both databases.
#[derive(Debug)]
pub(in crate::store) struct MovedTable {
    /// What it is called.
    pub(in crate::store) name: &'static str,
    /// Its primary key, which puts its rows in the same order in both.
    pub(in crate::store) key: &'static str,
    /// The columns that both keep.
    pub(in crate::store) columns: &'static [&'static str],
    /// Columns that PostgreSQL keeps beside, each with the words by which SQLite finds the same.
    pub(in crate::store) derived: &'static [(&'static str, &'static str)],
    /// Whether its ids are given one after the other, and none twice.
    pub(in crate::store) numbered: bool,
    /// Where SQLite has it in another table.
    pub(in crate::store) elsewhere: Option<Elsewhere>,
}

/// How SQLite keeps what is a table of its own in PostgreSQL.
#[derive(Debug)]
pub(in crate::store) struct Elsewhere {
    /// The same rows.
    pub(in crate::store) rows: &'static str,
    /// Keeps a row; its parameters are [`MovedTable::columns`].
    pub(in crate::store) keep: &'static str,
}

/// A table that both keep alike.
const fn alike(
    name: &'static str,
    key: &'static str,
    columns: &'static [&'static str],
) -> MovedTable {
    MovedTable {
        name,
        key,
        columns,
        derived: &[],
        numbered: false,
        elsewhere: None,
    }
}

/// All of them.
#[rustfmt::skip]
pub(in crate::store) static TABLES: [MovedTable; 16] = [
    MovedTable {
        derived: &[("handle_key", "handle_key(name)")],
        numbered: true,
        ..alike("users", "id", &["id", "name", "name_key", "display_name", "role", "password", "created_at", "banned_at", "tz"])
    },
    alike("name_looks", "look, user_id, shown", &["look", "user_id", "shown"]),
    MovedTable {
        numbered: true,
        ..alike("sign_ins", "id", &["id", "user_id", "device", "label", "address", "refresh_hash", "spent_hash", "spent_at", "created_at", "seen_at",
            "expires_at", "revoked_at"])
    },
    alike("invites", "code", &["code", "created_by", "created_at", "expires_at", "uses", "rooms"]),
    alike("resets", "user_id", &["user_id", "hash", "created_by", "expires_at"]),
    MovedTable {
        numbered: true,
        ..alike("rooms", "id", &["id", "kind", "name", "name_key", "name_look", "topic", "direct_key", "created_by", "created_at", "read_only", "archived",
            "hidden_at", "hidden_by", "deleted_at"])
    },
    MovedTable {
        derived: &[("said", "said"), ("last_at", "last_at")],
        elsewhere: Some(Elsewhere {
            rows: "(SELECT r.id AS room_id, r.last_seq, COALESCE(e.said, 0) AS said, COALESCE(e.at, 0) AS last_at
                FROM rooms r LEFT JOIN entries e ON e.room_id = r.id AND e.seq = r.last_seq)",
            keep: "UPDATE rooms SET last_seq = ?2 WHERE id = ?1",
        }),
        ..alike("heads", "room_id", &["room_id", "last_seq"])
    },
    alike("members", "room_id, user_id", &["room_id", "user_id", "joined_at", "read_seq", "own_after", "own_last", "gen", "notify", "muted", "favourite",
        "place"]),
    alike("entries", "room_id, seq", &["room_id", "seq", "kind", "author", "at", "id", "target", "text", "emoji", "flag", "now_text", "edited_at", "deleted",
        "said", "sum", "thread", "nth", "in_room"]),
    alike("commands", "id, author", &["id", "author", "room_id", "seq", "at", "kind"]),
    alike("reactions", "room_id, target, emoji, user_id", &["room_id", "target", "emoji", "user_id", "given", "seq", "since"]),
    alike("pins", "room_id, target", &["room_id", "target", "pinned", "seq"]),
    MovedTable {
        derived: &[("at", "COALESCE((SELECT e.at FROM entries e WHERE e.room_id = mentions.room_id AND e.seq = mentions.seq), 0)")],
        ..alike("mentions", "user_id, room_id, seq", &["user_id", "room_id", "seq", "author", "thread", "in_room"])
    },
    alike("saved", "user_id, room_id, seq", &["user_id", "room_id", "seq", "at", "n"]),
    alike("threads", "room_id, root", &["room_id", "root", "n", "last_seq", "last_at", "by1", "by2", "by3"]),
    alike("follows", "user_id, room_id, root", &["user_id", "room_id", "root", "following", "read_seq", "gen"]),
];
