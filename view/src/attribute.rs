//! Attributes and classes, fixed or following signals.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Derived;

/// A value of an attribute; none leaves the attribute out.
pub(crate) type AttributeValue = Option<Cow<'static, str>>;

/// An attribute, as it is set.
pub enum Attribute {
    /// Once and for all.
    Fixed(AttributeValue),
    /// As the signals say that it reads.
    Dynamic(Box<dyn FnMut() -> AttributeValue + Send>),
}

/// Something that an attribute can be set to.
pub trait IntoAttribute {
    /// As an attribute.
    fn attribute(self) -> Attribute;
}

/// Something fixed that an attribute can be set to.
pub trait IntoValue {
    /// As a value.
    fn value(self) -> AttributeValue;
}

impl IntoValue for &'static str {
    fn value(self) -> AttributeValue {
        Some(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn value(self) -> AttributeValue {
        Some(Cow::Owned(self))
    }
}

impl IntoValue for bool {
    fn value(self) -> AttributeValue {
        self.then_some(Cow::Borrowed(""))
    }
}

impl<V: IntoValue> IntoValue for Option<V> {
    fn value(self) -> AttributeValue {
        self.and_then(V::value)
    }
}

macro_rules! fixed {
    ($($kind:ty),+) => {
        $(impl IntoAttribute for $kind {
            fn attribute(self) -> Attribute {
                Attribute::Fixed(self.value())
            }
        })+
    };
}

fixed!(
    &'static str,
    String,
    bool,
    Option<&'static str>,
    Option<String>
);

impl<V: IntoValue, F: FnMut() -> V + Send + 'static> IntoAttribute for F {
    fn attribute(mut self) -> Attribute {
        Attribute::Dynamic(Box::new(move || self().value()))
    }
}

/// Whether a class is there.
pub enum Toggle {
    /// Once and for all.
    Fixed(bool),
    /// As the signals say that it reads.
    Dynamic(Box<dyn FnMut() -> bool + Send>),
}

/// Something that decides about a class.
pub trait IntoToggle {
    /// As a decision.
    fn toggle(self) -> Toggle;
}

impl IntoToggle for bool {
    fn toggle(self) -> Toggle {
        Toggle::Fixed(self)
    }
}

impl IntoToggle for Derived<bool> {
    fn toggle(self) -> Toggle {
        Toggle::Dynamic(Box::new(move || self.get()))
    }
}

impl IntoToggle for ArcRwSignal<bool> {
    fn toggle(self) -> Toggle {
        Toggle::Dynamic(Box::new(move || self.get()))
    }
}

impl<F: FnMut() -> bool + Send + 'static> IntoToggle for F {
    fn toggle(self) -> Toggle {
        Toggle::Dynamic(Box::new(self))
    }
}
