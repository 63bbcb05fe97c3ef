//! Names that look alike: no new name or display name may look like one of somebody else.

use protocol::{UserId, name_looks, shown_looks};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{
    rows::int,
    tx::{BEGIN, settle},
};
use crate::store::StoreError;

/// Whether somebody else is called something that looks so.
pub(super) async fn taken(
    db: &mut SqliteConnection,
    looks: &[String],
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    let (taken,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM json_each(?) j CROSS JOIN name_looks l ON l.look = j.value WHERE l.user_id <> ?)",
    )
    .bind(json!(looks).to_string())
    .bind(except.map_or(0, |user| int(user.get())))
    .fetch_one(db)
    .await?;
    Ok(taken)
}

async fn set(
    db: &mut SqliteConnection,
    user: i64,
    looks: &[String],
    shown: bool,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM name_looks WHERE user_id = ? AND shown = ?")
        .bind(user)
        .bind(shown)
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT OR IGNORE INTO name_looks (look, user_id, shown) SELECT value, ?, ? FROM json_each(?)")
        .bind(user)
        .bind(shown)
        .bind(json!(looks).to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes how a person's names look.
pub(super) async fn note(
    db: &mut SqliteConnection,
    user: i64,
    name: &str,
    display_name: &str,
) -> Result<(), StoreError> {
    set(db, user, &name_looks(name), false).await?;
    set(db, user, &shown_looks(display_name), true).await
}

/// Changes what somebody is called, unless that looks like somebody else; tells whether it did.
pub(super) async fn set_display_name(
    pool: &SqlitePool,
    user: UserId,
    display_name: &str,
) -> Result<bool, StoreError> {
    let mut writer = pool.acquire().await?;
    let done = rename(&mut writer, user, display_name).await;
    settle(writer, done).await
}

async fn rename(
    writer: &mut SqliteConnection,
    user: UserId,
    display_name: &str,
) -> Result<bool, StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let looks = shown_looks(display_name);
    if taken(&mut tx, &looks, Some(user)).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    sqlx::query("UPDATE users SET display_name = ? WHERE id = ?")
        .bind(display_name)
        .bind(int(user.get()))
        .execute(&mut *tx)
        .await?;
    set(&mut tx, int(user.get()), &looks, true).await?;
    tx.commit().await?;
    Ok(true)
}

/// Notes the looks of people of before there were any; what they are called they keep.
pub(super) async fn fill(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    let without: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT id, name, display_name FROM users u WHERE NOT EXISTS (SELECT 1 FROM name_looks l WHERE l.user_id = u.id)",
    )
    .fetch_all(&mut *tx)
    .await?;
    for (user, name, display_name) in without {
        let noted = note(&mut tx, user, &name, &display_name).await;
        noted.map_err(|why| sqlx::Error::Protocol(why.to_string()))?;
    }
    tx.commit().await
}
