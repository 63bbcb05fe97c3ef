//! What texts mean to a store: who is counted as mentioned, which emoji are one reaction, and what becomes of what an earlier
//! release stored by other rules.

use protocol::{Act, Command, Message};
use server::{
    parts::checked,
    store::{Named, PageAt},
};

use super::*;

fn account_at(name: &str, at: u64) -> Write {
    let mut write = account(name);
    write.stamp(at);
    write
}

/// Unread mentions of a user in the first room.
async fn mentions(store: &dyn Store, number: u64) -> u64 {
    store.rooms_of(user(number)).await.unwrap()[0].mentions
}

async fn newest(store: &dyn Store) -> Vec<Message> {
    let page = store.history(general(), user(1), PageAt::Newest, 100).await;
    page.unwrap().messages
}

on_every_store!(
    who_is_shown_as_mentioned_is_counted,
    a_new_account_can_be_named_in_its_own_batch
);

async fn who_is_shown_as_mentioned_is_counted(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for (text, counts) in [
        ("@wren", true),
        ("＠WREN님", true),
        ("...@wren: look", true),
        ("`@wren`", false),
        ("```\n@here\n```", false),
        ("https://social.example/@wren", false),
        ("mail@wren", false),
        // Somebody else, who only looks alike.
        ("@wrеn", false),
        ("`@zhou` @here", true),
    ] {
        let before = mentions(&*fixture.store, 2).await;
        let done = fixture.one(send(1, id(), text)).await.unwrap();
        assert_eq!(done.named.names(user(2)), counts, "{text}");
        let now = mentions(&*fixture.store, 2).await;
        assert_eq!(now - before, u64::from(counts), "{text}");
    }
    let edit = Write::command(
        who(1),
        Command {
            id: id(),
            room: general(),
            act: Act::Edit {
                of: 4,
                text: "`@wren`".into(),
            },
        },
        11,
    );
    let before = mentions(&*fixture.store, 2).await;
    fixture.one(edit).await.unwrap();
    assert_eq!(mentions(&*fixture.store, 2).await, before - 1);
    fixture.close().await;
}

async fn a_new_account_can_be_named_in_its_own_batch(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let outcomes = fixture
        .all(&[
            send(1, id(), "@kim"),
            account_at("kim", 10),
            send(1, id(), "@kim and @wren"),
            account_at("KIM", 10),
            send(1, id(), "@Kim"),
        ])
        .await;
    let named = |at: usize| outcomes[at].as_ref().unwrap().named.clone();
    let both = Named {
        everybody: false,
        users: [user(2), user(4)].into(),
    };
    assert_eq!((named(0).is_empty(), named(2)), (true, both));
    assert!(named(4).names(user(4)) && outcomes[3].is_err());
    let later = fixture.one(send(1, id(), "@kim")).await.unwrap();
    assert!(later.named.names(user(4)));
    fixture.close().await;
}

#[test]
fn an_emoji_is_one_reaction_however_it_is_written() {
    let command = |emoji: &str, on: bool| {
        let act = Act::React {
            of: 4,
            emoji: emoji.to_owned(),
            on,
        };
        let (id, room) = (id(), general());
        match checked(Command { id, room, act }) {
            (_, Some(why)) => Err(why),
            (command, None) => match command.act {
                Act::React { emoji, .. } => Ok(emoji),
                other => panic!("{other:?}"),
            },
        }
    };
    for (one, key) in [("❤", "❤️"), ("👍\u{fe0f}", "👍"), ("✌️🏽", "✌🏽")] {
        assert_eq!(command(one, true).ok().as_deref(), Some(key));
        assert_eq!(command(one, false).ok().as_deref(), Some(key));
    }
    for bad in ["👍\u{200d}", "🏽", "🇩"] {
        assert!(command(bad, true).is_err(), "{bad}");
        // An earlier release took it, and so it can be taken back.
        assert_eq!(command(bad, false).ok().as_deref(), Some(bad));
    }
    assert!(command("a", false).is_err());
}

#[tokio::test]
async fn what_an_earlier_release_counted_is_counted_anew() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    // Entries 4 to 9: two that it took for mentions, two that it did not, one before and one after somebody came.
    for text in [
        "`@wren`",
        "https://a.example/@here",
        "＠wren",
        ".@wren",
        "@kim",
    ] {
        fixture.one(send(1, id(), text)).await.unwrap();
    }
    let late = account_at("kim", 20);
    fixture.one(late).await.unwrap();
    for (by, emoji, on) in [
        (1, "❤️", true),
        (2, "❤️", true),
        (3, "👍", true),
        (1, "👍", true),
        (1, "👍", false),
    ] {
        fixture.one(react(by, 6, emoji, on)).await.unwrap();
    }
    // The same, as it wrote them: entries 10 on, after the one of whoever came.
    fixture.one(react(1, 6, "❤", true)).await.unwrap();
    fixture.one(react(2, 6, "❤", true)).await.unwrap();
    fixture.one(react(2, 6, "❤", false)).await.unwrap();
    fixture.one(react(3, 6, "👍\u{fe0f}", true)).await.unwrap();
    fixture.one(react(3, 6, "👍\u{200d}", true)).await.unwrap();
    fixture.store.close().await;
    let path = fixture.folder.path().join("hubbub.db");
    write_into(&path, WITHOUT_THREADS);
    write_into(
        &path,
        "DELETE FROM mentions; INSERT INTO mentions (user_id, room_id, seq, author) VALUES (2, 1, 4, 1), (0, 1, 5, 1);
         ALTER TABLE entries DROP COLUMN sum; DROP TABLE unfinished; DROP TABLE pins; DROP TABLE resets; DROP TABLE saved; DROP INDEX rooms_public_look;
               ALTER TABLE rooms DROP COLUMN name_look; ALTER TABLE rooms DROP COLUMN read_only; ALTER TABLE rooms DROP COLUMN archived;
               DROP INDEX rooms_hidden; DROP INDEX rooms_public_name; ALTER TABLE rooms DROP COLUMN hidden_at; ALTER TABLE rooms DROP COLUMN hidden_by;
               CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind = 0 AND deleted_at IS NULL;
               ALTER TABLE users DROP COLUMN tz; ALTER TABLE members DROP COLUMN gen; ALTER TABLE members DROP COLUMN notify; ALTER TABLE members DROP COLUMN muted;
               ALTER TABLE members DROP COLUMN favourite; ALTER TABLE members DROP COLUMN place; DELETE FROM _sqlx_migrations WHERE version >= 6",
    );
    // As the earlier release left it.
    assert_eq!(
        verify_deep(&path).await.unwrap().wrong,
        Vec::<String>::new()
    );
    let store = SqliteStore::open(&path, &SqliteConfig::default()).await;
    let fixture = Fixture {
        store: Arc::new(store.unwrap()),
        ..fixture
    };
    assert_eq!(mentions(&*fixture.store, 2).await, 2, "＠wren and .@wren");
    assert_eq!(mentions(&*fixture.store, 4).await, 0, "kim came later");
    let messages = newest(&*fixture.store).await;
    let message = messages.iter().find(|message| message.seq == 6).unwrap();
    let piles: Vec<(&str, u32)> = message
        .reactions
        .iter()
        .map(|one| (one.emoji.as_str(), one.count))
        .collect();
    assert_eq!(piles, [("❤️", 1), ("👍", 1), ("👍\u{200d}", 1)]);
    // What was no emoji can be taken back.
    fixture.one(react(3, 6, "👍\u{200d}", false)).await.unwrap();
    fixture.close().await;
}

#[tokio::test]
async fn a_count_that_was_interrupted_is_made_at_the_next_start() {
    let fixture = Fixture::new(Kind::Sqlite).await;
    fixture.one(send(1, id(), "@wren")).await.unwrap();
    fixture.store.close().await;
    let path = fixture.folder.path().join("hubbub.db");
    write_into(
        &path,
        "DELETE FROM mentions; INSERT INTO unfinished VALUES ('mentions')",
    );
    let store = SqliteStore::open(&path, &SqliteConfig::default()).await;
    let fixture = Fixture {
        store: Arc::new(store.unwrap()),
        ..fixture
    };
    assert_eq!(mentions(&*fixture.store, 2).await, 1);
    fixture.close().await;
}
