//! A value of a row on its way from one database to another.

use std::error::Error;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use sha2::{Digest as _, Sha256};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::{StoreError, codes::corrupt, rules::StoreResult};

/// What stands in one column of one row. Flags and kinds are numbers, ids of 16 bytes and hashes are bytes, a list of rooms is a text of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) enum Cell {
    /// NULL.
    Nothing,
    /// Any size of integer.
    Number(i64),
    /// A place in a list.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    /// About how much memory it takes beside itself.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Nothing | Self::Number(_) | Self::Real(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Adds it to a sum, so that no two rows of cells add the same bytes.
    pub(super) fn add_to(&self, sum: &mut Sha256) {
        let mut add = |mark: u8, bytes: &[u8]| {
            sum.update([mark]);
            sum.update((bytes.len() as u64).to_le_bytes());
            sum.update(bytes);
        };
        match self {
            Self::Nothing => add(0, &[]),
            Self::Number(number) => add(1, &number.to_le_bytes()),
            // SQLite does not keep the sign of a zero.
            Self::Real(real) => add(2, &(real + 0.0).to_le_bytes()),
            Self::Text(text) => add(3, text.as_bytes()),
            Self::Bytes(bytes) => add(4, bytes),
        }
    }

    /// What SQLite has there.
    pub(in crate::store) fn of(value: ValueRef<'_>) -> StoreResult<Self> {
        Ok(match value {
            ValueRef::Null => Self::Nothing,
            ValueRef::Integer(number) => Self::Number(number),
            ValueRef::Real(real) => Self::Real(real),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|why| {
                    let why = format!("a text that is no UTF-8 ({why})");
                    StoreError::Corrupt(why)
                })?;
                Self::Text(text.to_owned())
            }
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_owned()),
        })
    }
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Nothing => ToSqlOutput::Owned(Value::Null),
            Self::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Real(real) => ToSqlOutput::Owned(Value::Real(*real)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

type AnyError = Box<dyn Error + Sync + Send>;

fn unfit(cell: &Cell, kind: &Type) -> AnyError {
    // Not what it holds, which may be somebody's words.
    let what = match cell {
        Cell::Nothing => "nothing",
        Cell::Number(_) => "a number",
        Cell::Real(_) => "a number with a fraction",
        Cell::Text(_) => "a text",
        Cell::Bytes(_) => "bytes",
    };
    corrupt(&format!("{what} where there must be {kind}")).into()
}

impl ToSql for Cell {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        match (self, kind) {
            (Self::Nothing, _) => Ok(IsNull::Yes),
            (Self::Number(number), &Type::INT8) => number.to_sql(kind, out),
            (Self::Number(number), &Type::INT2) => i16::try_from(*number)?.to_sql(kind, out),
            (Self::Real(real), &Type::FLOAT8) => real.to_sql(kind, out),
            (Self::Text(text), &Type::TEXT) => text.to_sql(kind, out),
            (Self::Text(list), &Type::INT8_ARRAY) => {
                serde_json::from_str::<Vec<i64>>(list)?.to_sql(kind, out)
            }
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            (Self::Bytes(bytes), &Type::UUID) => uuid::Uuid::from_slice(bytes)?.to_sql(kind, out),
            _ => Err(unfit(self, kind)),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl FromSql<'_> for Cell {
    fn from_sql(kind: &Type, raw: &[u8]) -> Result<Self, AnyError> {
        Ok(match *kind {
            Type::INT8 => Self::Number(i64::from_sql(kind, raw)?),
            Type::INT2 => Self::Number(i16::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            Type::TEXT => Self::Text(String::from_sql(kind, raw)?),
            Type::INT8_ARRAY => {
                Self::Text(serde_json::to_string(&Vec::<i64>::from_sql(kind, raw)?)?)
            }
            Type::BYTEA | Type::UUID => Self::Bytes(raw.to_owned()),
            _ => return Err(corrupt(&format!("a column of the type {kind}")).into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, AnyError> {
        Ok(Self::Nothing)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(cells: &[Cell]) -> Vec<u8> {
        let mut sum = Sha256::new();
        for cell in cells {
            cell.add_to(&mut sum);
        }
        sum.finalize().to_vec()
    }

    #[test]
    fn whatever_differs_has_another_sum() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = [
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![text("abc"), Cell::Nothing],
            vec![Cell::Nothing, text("abc")],
            vec![Cell::Bytes(b"ab".to_vec()), text("c")],
            vec![Cell::Number(1)],
            vec![Cell::Real(1.0)],
            vec![Cell::Number(-1)],
        ];
        for (at, one) in rows.iter().enumerate() {
            for other in &rows[at + 1..] {
                assert_ne!(sum(one), sum(other), "{one:?} {other:?}");
            }
        }
        assert_eq!(sum(&[Cell::Real(0.0)]), sum(&[Cell::Real(-0.0)]));
    }

    #[test]
    fn what_does_not_fit_a_column_is_refused() {
        let mut out = BytesMut::new();
        for (cell, kind) in [
            (Cell::Number(40_000), Type::INT2),
            (Cell::Text("1".to_owned()), Type::INT8),
            (Cell::Bytes(vec![1; 15]), Type::UUID),
            (Cell::Text("[1,".to_owned()), Type::INT8_ARRAY),
        ] {
            assert!(ToSql::to_sql(&cell, &kind, &mut out).is_err(), "{cell:?}");
        }
    }
}
