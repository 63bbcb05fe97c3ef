//! The schema, step by step.

use std::borrow::Cow;

use sqlx::{
    SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};

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
    ])
}
