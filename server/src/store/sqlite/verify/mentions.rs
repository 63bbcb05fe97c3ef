//! Mentions are counted again from the texts, by the very rule that noted them.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt as _;
use sqlx::SqliteConnection;

use super::{MOST_LINES, Report};
use crate::store::{StoreError, sqlite::mentions::named_by};

/// A text with the mentions that were noted of it: room, seq, text, when it was written, who was noted.
type Text = (i64, i64, String, i64, String);

/// Every text that may name somebody, one after the other. Those without an `@` are looked at only where a mention is noted.
const TEXTS: &str = "
    SELECT room_id, seq, said, written_at, COALESCE((SELECT group_concat(n.user_id) FROM mentions n
        WHERE n.room_id = texts.room_id AND n.seq = texts.seq), '')
    FROM (SELECT room_id, seq, COALESCE(now_text, text) AS said, COALESCE(edited_at, at) AS written_at
      FROM entries WHERE kind = 0 AND deleted = 0 AND text IS NOT NULL) texts
    WHERE instr(said, '@') > 0
    UNION ALL
    SELECT e.room_id, e.seq, COALESCE(e.now_text, e.text), COALESCE(e.edited_at, e.at), group_concat(n.user_id)
    FROM mentions n CROSS JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0
    WHERE e.text IS NOT NULL AND instr(COALESCE(e.now_text, e.text), '@') = 0 GROUP BY e.room_id, e.seq";

/// Words whose people are remembered: to fold a word for its look takes longer than to read the text.
const MOST_WORDS: usize = 100_000;

/// Who is who.
struct People {
    /// By the key of their names.
    by_key: HashMap<String, u64>,
    born: HashMap<u64, i64>,
    /// Words that were asked for.
    by_word: HashMap<String, Option<u64>>,
}

impl People {
    async fn load(tx: &mut SqliteConnection) -> Result<Self, StoreError> {
        let mut people = Self {
            by_key: HashMap::new(),
            born: HashMap::new(),
            by_word: HashMap::new(),
        };
        let mut rows =
            sqlx::query_as::<_, (String, i64, i64)>("SELECT name_key, id, created_at FROM users")
                .fetch(tx);
        while let Some((key, id, created_at)) = rows.try_next().await? {
            let user = crate::store::sqlite::rows::user_id(id)?.get();
            people.by_key.insert(key, user);
            people.born.insert(user, created_at);
        }
        Ok(people)
    }

    fn called(&mut self, word: &str) -> Option<u64> {
        if let Some(&known) = self.by_word.get(word) {
            return known;
        }
        let found = self.by_key.get(&protocol::name_key(word)).copied();
        if self.by_word.len() == MOST_WORDS {
            self.by_word.clear();
        }
        self.by_word.insert(word.to_owned(), found);
        found
    }

    /// Somebody who came after a text was written is not named by it; at the same moment it may be either.
    fn was_there(&self, user: u64, written_at: i64) -> bool {
        self.born.get(&user).is_none_or(|born| *born < written_at)
    }
}

pub(super) async fn recount(
    tx: &mut SqliteConnection,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut people = People::load(tx).await?;
    let mut lines = 0;
    let mut texts = sqlx::query_as::<_, Text>(TEXTS).fetch(tx);
    while let Some((room, seq, text, written_at, noted)) = texts.try_next().await? {
        let noted: HashSet<u64> = noted
            .split(',')
            .filter_map(|user| user.parse().ok())
            .collect();
        let named = named_by(&text, |word| people.called(word));
        let mut wrong: Vec<(u64, &str)> = named
            .difference(&noted)
            .filter(|user| people.was_there(**user, written_at))
            .map(|user| (*user, "a mention is not noted"))
            .chain(
                noted
                    .difference(&named)
                    .map(|user| (*user, "a mention is noted that the text does not make")),
            )
            .collect();
        wrong.sort_unstable();
        for (user, what) in wrong {
            if lines < MOST_LINES {
                let line = format!("{what}: room {room} seq {seq} user {user}");
                report.wrong.push(line);
                lines += 1;
            }
        }
    }
    Ok(())
}
