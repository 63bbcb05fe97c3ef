//! What one person wants of a room that they are in: theirs alone, told to nobody else.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

/// Of which messages of a room somebody wants to hear. A level of a newer server reads as [`NotifyLevel::Nothing`], which disturbs least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotifyLevel {
    /// Of all.
    #[default]
    All,
    /// Of those that name them, or everybody.
    Mentions,
    /// Of none.
    Nothing,
}

reads_words!(NotifyLevel { "all" => All, "mentions" => Mentions } or Nothing);

impl NotifyLevel {
    /// All of them, with their names on the wire.
    pub const ALL: [(Self, &str); 3] = [
        (Self::All, "all"),
        (Self::Mentions, "mentions"),
        (Self::Nothing, "nothing"),
    ];
}

/// Where a room stands in somebody's list: a finite number, of which the smaller one comes first. A whole one is written without a fraction.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = f64)]
pub struct ListOrder(f64);

impl ListOrder {
    /// None for what is no number.
    pub fn new(number: f64) -> Option<Self> {
        // Minus zero is zero.
        number.is_finite().then_some(Self(number + 0.0))
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for ListOrder {
    fn eq(&self, other: &Self) -> bool {
        self.0.total_cmp(&other.0).is_eq()
    }
}

impl Eq for ListOrder {}

impl Serialize for ListOrder {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that fit are written so"
    )]
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Beyond it not every whole number is one of these.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            to.serialize_i64(self.0 as i64)
        } else {
            to.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ListOrder {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(from)?;
        Self::new(number).ok_or_else(|| D::Error::custom("no number"))
    }
}

/// What somebody wants of a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoomPreferences {
    /// Of which messages they want to hear.
    pub notify: NotifyLevel,
    /// Whether nothing of it is to disturb them.
    pub muted: bool,
    /// Whether it is one of those that they go to most.
    pub favourite: bool,
    /// Where it stands in their list; none where they did not say.
    pub order: Option<ListOrder>,
}

impl RoomPreferences {
    /// With what a patch names.
    #[must_use]
    pub fn with(self, patch: PreferencesPatch) -> Self {
        Self {
            notify: patch.notify.unwrap_or(self.notify),
            muted: patch.muted.unwrap_or(self.muted),
            favourite: patch.favourite.unwrap_or(self.favourite),
            order: patch.order.unwrap_or(self.order),
        }
    }
}

/// `PUT /rooms/{id}/me`: only what is named changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesPatch {
    /// Of which messages one wants to hear.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "level_that_is_known"
    )]
    #[schema(nullable = false)]
    pub notify: Option<NotifyLevel>,
    /// Whether nothing of it is to disturb one.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(nullable = false)]
    pub muted: Option<bool>,
    /// Whether it is one of one's favourites.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(nullable = false)]
    pub favourite: Option<bool>,
    /// Where it stands in one's list; `null` for wherever it stands by itself.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<f64>)]
    pub order: Option<Option<ListOrder>>,
}

/// What is named has a value: `null` is one only where it means something.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A level in a request. There, one that is not known is refused: nobody must hear less than they asked for.
fn level_that_is_known<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<NotifyLevel>, D::Error> {
    let name = Cow::<str>::deserialize(from)?;
    let known = NotifyLevel::ALL
        .into_iter()
        .find(|(_, known)| *known == name);
    match known {
        Some((level, _)) => Ok(Some(level)),
        None => Err(D::Error::unknown_variant(
            &name,
            &["all", "mentions", "nothing"],
        )),
    }
}
