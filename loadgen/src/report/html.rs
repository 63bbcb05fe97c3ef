//! The page.

use super::Outcome;

/// The page of a result.
pub fn page(outcome: &Outcome) -> String {
    format!("<!doctype html><title>{}</title>", outcome.scenario)
}
