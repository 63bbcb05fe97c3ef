//! Words of names: what can be wrong with one.

use super::Count;

/// What can be wrong with a name or a topic.
pub struct Wrong {
    pub name_empty: &'static str,
    pub name_long: Count,
    pub name_unfit: &'static str,
    pub name_letters: &'static str,
    pub name_reserved: &'static str,
    pub room_taken: &'static str,
    pub topic_long: Count,
}
