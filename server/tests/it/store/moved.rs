//! A store that was moved to PostgreSQL and back: every row is the same, and it answers as before.

use std::path::Path;

use proptest::prelude::*;
use server::{
    Config, migrate,
    store::postgres::{PostgresConfig, PostgresStore},
};
use testing::postgres::{drop_database, new_database};

use super::{
    Fixture, Kind,
    random::{all_of, run, step, writes},
};

async fn moved(from: &str, to: &str) {
    let args = ["hubbub", "migrate", from, to].map(Into::into);
    let config = Config::load(args).unwrap();
    let report = migrate(&config, &mut |_| {}).await.unwrap();
    assert!(report.rows > 0);
}

/// All rows of all tables, as text: those of the schema's steps aside, which have times of their own.
fn rows(path: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(path).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations' ORDER BY name";
    let mut names = db.prepare(names).unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut found = Vec::new();
    for name in names.map(Result::unwrap) {
        let mut statement = db.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let all = statement.query_map([], |row| {
            let cells: Vec<_> = (0..columns).map(|at| row.get_ref(at).unwrap()).collect();
            Ok(format!("{name}: {cells:?}"))
        });
        found.extend(all.unwrap().map(Result::unwrap));
    }
    found.sort_unstable();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_comes_back_as_it_was(steps in proptest::collection::vec(step(), 1..80), batch in 1usize..20) {
        run(async {
            let fixture = Fixture::new(Kind::Sqlite).await;
            for (number, batch) in writes(&steps).chunks_mut(batch).enumerate() {
                for write in batch.iter_mut() {
                    write.stamp(100 + number as u64);
                }
                fixture.all(batch).await;
            }
            let said = all_of(&*fixture.store).await;
            fixture.store.close().await;
            let folder = fixture.folder.path();
            let url = new_database().await;
            moved(&folder.display().to_string(), &url).await;
            let config = PostgresConfig { url: url.clone(), ..PostgresConfig::default() };
            let store = PostgresStore::open(&config).await.unwrap();
            assert_eq!(all_of(&store).await, said);
            drop(store);
            let back = folder.join("back.db");
            moved(&url, &format!("sqlite://{}", back.display())).await;
            assert_eq!(rows(&back), rows(&folder.join("hubbub.db")));
            drop_database(&url).await;
            fixture.close().await;
        });
    }
}
