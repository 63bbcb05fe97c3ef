//! Rows of the timeline as signals.

use std::collections::HashMap;

use client::rows::{Row, RowKey, RowKind};
use leptos::prelude::*;

/// A row: its name among the rows stays, what it shows may change.
#[derive(Clone, Debug)]
pub(crate) struct RowCell {
    /// Its name.
    pub(crate) key: RowKey,
    /// What it shows.
    pub(crate) kind: ArcRwSignal<RowKind>,
    /// Whether it is the row in use: it has the toolbar, and the tab stop.
    pub(crate) active: ArcRwSignal<bool>,
    /// Whether a link opened it.
    pub(crate) selected: ArcRwSignal<bool>,
}

/// Sets the rows: a row that was there keeps its signal, and the list changes only when its keys do.
pub(super) fn update_cells(signal: RwSignal<Vec<RowCell>>, rows: Vec<Row>) {
    let before = signal.get_untracked();
    let same = before.len() == rows.len()
        && before
            .iter()
            .zip(&rows)
            .all(|(cell, row)| cell.key == row.key);
    let mut known: HashMap<RowKey, RowCell> =
        before.into_iter().map(|cell| (cell.key, cell)).collect();
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = match known.remove(&row.key) {
            Some(cell) => {
                if cell.kind.with_untracked(|kind| *kind != row.kind) {
                    cell.kind.set(row.kind);
                }
                cell
            }
            None => RowCell {
                key: row.key,
                kind: ArcRwSignal::new(row.kind),
                active: ArcRwSignal::new(false),
                selected: ArcRwSignal::new(false),
            },
        };
        cells.push(cell);
    }
    if !same {
        signal.set(cells);
    }
}
