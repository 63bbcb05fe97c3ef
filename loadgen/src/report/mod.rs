//! The report of a run: a result as JSON, a page with plots, and the comparison of two.

mod compare;
mod figure;
mod html;
mod plot;
mod result;

pub use compare::{Comparison, compare};
pub use figure::{Better, Figure};
pub use html::page;
pub use result::{FORMAT, LoadStep, RunOutcome, Sample};
