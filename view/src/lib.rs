//! The drawing library: views that are one type.
//!
//! Leptos gives every element a type of its own, made of the types of all that is in it. For a page of a few hundred elements that
//! is most of the Wasm: measured, two thirds of 650 KB (brotli), where 350 are the limit. Here an element is data, and drawing,
//! taking over and changing it is compiled once. Signals, memos, effects, owners and context are Leptos' own.
//!
//! ```text
//! tag::button("btn").on(ev::click, move |_| count.update(|n| *n += 1)).child(move || count.get().to_string())
//! ```

#![cfg_attr(
    not(feature = "hydrate"),
    expect(
        dead_code,
        unreachable_pub,
        reason = "only a browser builds elements and changes them"
    )
)]

mod attribute;
mod derived;
mod each;
mod element;
mod following;
mod hydrate;
mod mounted;
mod part;
pub mod tag;
#[cfg(feature = "ssr")]
mod text;

#[cfg(feature = "ssr")]
pub use derived::Drawing;
pub use derived::{Derived, derived, watch};
pub use each::each;
pub use element::Element;
#[cfg(feature = "hydrate")]
pub use hydrate::mount;
pub use part::{Part, dynamic, many};

use std::borrow::Cow;

use each::KeyedItem;

/// Something to draw.
#[derive(Default)]
#[must_use = "a view is drawn where it is a child"]
pub enum View {
    /// Draws nothing.
    #[default]
    Nothing,
    /// Words; never markup.
    Text(Cow<'static, str>),
    /// An element.
    Element(Element),
    /// One after the other.
    Many(Vec<Self>),
    /// Drawn again when a signal changes that it read.
    Dynamic(Box<dyn FnMut() -> Self + Send>),
    /// A list whose items keep their elements as long as they keep their keys.
    Each(Box<dyn FnMut() -> Vec<KeyedItem> + Send>),
}
