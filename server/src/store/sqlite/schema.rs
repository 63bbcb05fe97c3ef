//! The schema, step by step.

use std::borrow::Cow;

use super::{looks, rooms};
use sqlx::{
    ConnectOptions as _, SqlStr, SqlitePool,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::store::StoreError;

/// Brings a store up to date, over a connection of its own: what a step sorts goes through files, and leaves no memory behind.
pub(super) async fn bring_up(options: &SqliteConnectOptions) -> Result<(), MigrateError> {
    // One that takes its time is said below, in words for people.
    let options = options.clone().disable_statement_logging();
    let db = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    // A store that was just made has no such table, and nothing that would take long.
    let stands_at: Result<Option<i64>, _> =
        sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
            .fetch_one(&db)
            .await;
    let newest = migrations().iter().map(|step| step.version).max();
    if let (Ok(Some(from)), Some(to)) = (stands_at, newest)
        && from < to
    {
        tracing::info!(
            from,
            to,
            "bringing the database up to date; a million messages take some 10 s"
        );
    }
    migrations().run(&db).await?;
    looks::fill(&db).await?;
    rooms::fill_looks(&db).await?;
    db.close().await;
    Ok(())
}

/// Whether there is a store of ours in the database, of whatever age.
pub(super) async fn is_begun(db: &SqlitePool) -> Result<bool, StoreError> {
    let tables: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(db)
            .await?;
    Ok(tables > 0)
}

/// The schema's steps, in order; one that was released is never changed.
pub(super) fn migrations() -> Migrator {
    let step = |version, name, sql| {
        Migration::new(
            version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations(vec![
        step(
            1,
            "start",
            include_str!("../../../migrations/sqlite/0001_start.sql"),
        ),
        step(
            2,
            "said",
            include_str!("../../../migrations/sqlite/0002_said.sql"),
        ),
        step(
            3,
            "fewer pages",
            include_str!("../../../migrations/sqlite/0003_fewer_pages.sql"),
        ),
        step(
            4,
            "refresh again",
            include_str!("../../../migrations/sqlite/0004_refresh_again.sql"),
        ),
        step(
            5,
            "name looks",
            include_str!("../../../migrations/sqlite/0005_name_looks.sql"),
        ),
        step(
            6,
            "text rules",
            include_str!("../../../migrations/sqlite/0006_text_rules.sql"),
        ),
        step(
            7,
            "sums",
            include_str!("../../../migrations/sqlite/0007_sums.sql"),
        ),
        step(
            8,
            "room looks",
            include_str!("../../../migrations/sqlite/0008_room_looks.sql"),
        ),
    ])
}
