//! An element, as data.

use leptos::tachys::{html::event::EventDescriptor, renderer::types};
use leptos::wasm_bindgen::{JsCast, convert::FromWasmAbi};

use super::{
    Part, View,
    attribute::{Attribute, IntoAttribute, IntoToggle, Toggle},
};

/// A listener to an event.
pub(super) type EventListener = Box<dyn FnMut(types::Event) + Send>;

/// An element that is being put together. In a box, as it goes from hand to hand a dozen times.
#[must_use = "an element is drawn where it is a child"]
pub struct Element(pub(super) Box<ElementParts>);

/// An element's attributes, listeners and children.
pub(crate) struct ElementParts {
    pub(super) tag: &'static str,
    pub(super) svg: bool,
    pub(super) class: &'static str,
    pub(super) toggles: Vec<(&'static str, Toggle)>,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    pub(super) checked: Option<Box<dyn FnMut() -> bool + Send>>,
    pub(super) listeners: Vec<(&'static str, EventListener)>,
    pub(super) html: Option<String>,
    pub(super) children: Vec<View>,
}

/// An element of HTML.
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(ElementParts {
        tag,
        svg: false,
        class: "",
        toggles: Vec::new(),
        attributes: Vec::new(),
        checked: None,
        listeners: Vec::new(),
        html: None,
        children: Vec::new(),
    }))
}

/// An element of a drawing.
pub fn svg(tag: &'static str) -> Element {
    let mut element = el(tag);
    element.0.svg = true;
    element
}

impl Element {
    /// With these classes, separated by spaces.
    pub fn class(mut self, class: &'static str) -> Self {
        self.0.class = class;
        self
    }

    /// With a class that is there, or not.
    pub fn class_when(mut self, class: &'static str, when: impl IntoToggle) -> Self {
        self.0.toggles.push((class, when.toggle()));
        self
    }

    /// With an attribute. `true` sets it without a value, `false` and `None` leave it out.
    pub fn attr(mut self, name: &'static str, value: impl IntoAttribute) -> Self {
        self.0.attributes.push((name, value.attribute()));
        self
    }

    /// Checked, or not, as a signal says.
    pub fn checked(mut self, when: impl FnMut() -> bool + Send + 'static) -> Self {
        self.0.checked = Some(Box::new(when));
        self
    }

    /// With a listener.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the events of Leptos are made to be handed over"
    )]
    pub fn on<E>(mut self, event: E, mut then: impl FnMut(E::EventType) + Send + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast + FromWasmAbi + 'static,
    {
        if cfg!(feature = "ssr") {
            // Nobody will ever press it here.
            return self;
        }
        let listener = move |event: types::Event| then(event.unchecked_into());
        // The names are the browser's own, known when the program is compiled.
        let name = match event.name() {
            std::borrow::Cow::Borrowed(name) => name,
            std::borrow::Cow::Owned(_) => return self,
        };
        self.0.listeners.push((name, Box::new(listener)));
        self
    }

    /// With markup of our own, written in this program. Never anybody's words.
    #[cfg(not(feature = "hydrate"))]
    pub fn html(mut self, markup: String) -> Self {
        self.0.html = Some(markup);
        self
    }

    /// With one more child.
    pub fn child(mut self, part: impl Part) -> Self {
        self.0.children.push(part.view());
        self
    }
}
