//! The mounted page: nodes, and the effects that change them.

use std::{borrow::Cow, cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    tachys::{
        renderer::{
            CastFrom, RemoveEventHandler, Rndr,
            types::{self, ClassList},
        },
        view::Mountable,
    },
    wasm_bindgen::JsValue,
};

use super::{
    View,
    attribute::{Attribute, AttributeValue, Toggle},
    each::{Child, ItemOwners, KeyedItem, update},
    element::{ElementParts, EventListener},
    following::LiveEffect,
};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A view that was drawn.
pub(crate) enum Mounted {
    Nothing,
    Text(types::Text, Cow<'static, str>),
    Element(MountedElement),
    Many(Vec<Self>),
    Dynamic(LiveEffect<Self>, types::Placeholder),
    Each(LiveEffect<Vec<Child>>, types::Placeholder),
}

/// An element, and what keeps it true.
pub(crate) struct MountedElement {
    pub(super) node: types::Element,
    pub(super) children: Vec<Mounted>,
    pub(super) effects: Vec<LiveEffect<AttributeValue>>,
    pub(super) toggles: Vec<LiveEffect<bool>>,
    pub(super) listeners: Vec<RemoveEventHandler<types::Element>>,
}

impl View {
    /// Draws it, outside the page. Whatever it reads while it is drawn is not followed.
    pub(super) fn build_now(self) -> Mounted {
        match self {
            Self::Nothing => Mounted::Nothing,
            Self::Text(text) => Mounted::Text(Rndr::create_text_node(&text), text),
            Self::Element(element) => Mounted::Element(build(*element.0)),
            Self::Many(views) => Mounted::Many(views.into_iter().map(Self::build_now).collect()),
            Self::Dynamic(draw) => {
                let anchor = Rndr::create_placeholder();
                let effect = dynamic(
                    draw,
                    Self::build_now,
                    &Rc::new(RefCell::new(Some(anchor.clone()))),
                );
                Mounted::Dynamic(effect, anchor)
            }
            Self::Each(items) => {
                let anchor = Rndr::create_placeholder();
                let draw =
                    |item: KeyedItem, owner: Owner| Child::draw(item, owner, Self::build_now);
                let effect = list(items, draw, &Rc::new(RefCell::new(Some(anchor.clone()))));
                Mounted::Each(effect, anchor)
            }
        }
    }
}

/// Where something dynamic ends in the page; known once it is there.
pub(super) type Anchor = Rc<RefCell<Option<types::Placeholder>>>;

/// Draws something dynamic, the first time by `first`, and again when it changes.
pub(super) fn dynamic(
    mut draw: Box<dyn FnMut() -> View + Send>,
    first: impl FnOnce(View) -> Mounted + 'static,
    anchor: &Anchor,
) -> LiveEffect<Mounted> {
    let (mut first, anchor) = (Some(first), Rc::clone(anchor));
    LiveEffect::new(move |before: Option<Mounted>| {
        let view = draw();
        untrack(|| match (before, first.take()) {
            (Some(before), _) => replace(before, view, anchor.borrow().as_ref()),
            (None, Some(first)) => first(view),
            (None, None) => view.build_now(),
        })
    })
}

/// Draws in place of what was there. Words that follow words keep their node.
fn replace(before: Mounted, view: View, anchor: Option<&types::Placeholder>) -> Mounted {
    let (mut before, view) = match (before, view) {
        (Mounted::Text(node, old), View::Text(text)) => {
            if old != text {
                Rndr::set_text(&node, &text);
            }
            put_back(&node, anchor);
            return Mounted::Text(node, text);
        }
        other => other,
    };
    before.unmount();
    drop(before);
    let mut after = view.build_now();
    if let Some(anchor) = anchor
        && let Some(parent) = parent_of(anchor)
    {
        after.mount(&parent, Some(anchor));
    }
    after
}

/// Words that somebody took out, as translators do who put an element of their own in their place, stand there again.
fn put_back(node: &types::Text, anchor: Option<&types::Placeholder>) {
    let Some(anchor) = anchor.filter(|_| Rndr::get_parent(node).is_none()) else {
        return;
    };
    let Some(parent) = parent_of(anchor) else {
        return;
    };
    let stand_in = anchor
        .previous_sibling()
        .and_then(types::Element::cast_from);
    if let Some(stand_in) = stand_in.filter(|one| one.local_name() == "font") {
        Rndr::remove(&stand_in);
    }
    insert(&parent, node, Some(anchor));
}

/// Puts a node before `marker`, or at the end of `parent`. Where somebody moved the marker, it follows it; where the marker is
/// gone, the node is at the end.
fn insert(parent: &types::Element, node: &types::Node, marker: Option<&types::Node>) {
    if Rndr::try_insert_node(parent, node, marker) {
        return;
    }
    let moved = marker
        .and_then(Rndr::get_parent)
        .and_then(types::Element::cast_from);
    if !moved.is_some_and(|parent| Rndr::try_insert_node(&parent, node, marker)) {
        Rndr::insert_node(parent, node, None);
    }
}

fn parent_of(anchor: &types::Placeholder) -> Option<types::Element> {
    types::Element::cast_from(Rndr::get_parent(anchor)?)
}

/// Draws a list, each item the first time by `first`, and changes it.
pub(super) fn list(
    mut items: Box<dyn FnMut() -> Vec<KeyedItem> + Send>,
    mut first: impl FnMut(KeyedItem, Owner) -> Child + 'static,
    anchor: &Anchor,
) -> LiveEffect<Vec<Child>> {
    // Items outlive a run of the effect: their owners are children of what surrounds it.
    let mut owners = ItemOwners::new(Owner::current().unwrap_or_default());
    let anchor = Rc::clone(anchor);
    LiveEffect::new(move |before: Option<Vec<Child>>| {
        let items = items();
        untrack(|| match before {
            None => items
                .into_iter()
                .map(|item| first(item, owners.take()))
                .collect(),
            Some(before) => match anchor
                .borrow()
                .as_ref()
                .and_then(|anchor| Some((anchor, parent_of(anchor)?)))
            {
                Some((anchor, parent)) => update(before, items, (&parent, anchor), &mut owners),
                None => before,
            },
        })
    })
}

fn build(element: ElementParts) -> MountedElement {
    let node = Rndr::create_element(element.tag, element.svg.then_some(SVG));
    if !element.class.is_empty() {
        Rndr::set_attribute(&node, "class", element.class);
    }
    if let Some(markup) = &element.html {
        Rndr::set_inner_html(&node, markup);
    }
    let mut mounted = animate(
        &node,
        element.attributes,
        element.toggles,
        element.listeners,
        element.checked,
        true,
    );
    for child in element.children {
        let mut child = child.build_now();
        child.mount(&mounted.node, None);
        mounted.children.push(child);
    }
    mounted
}

/// Sets what follows signals, and listens. `fresh` elements get what is fixed, too; others have it from the server.
pub(super) fn animate(
    node: &types::Element,
    attributes: Vec<(&'static str, Attribute)>,
    toggles: Vec<(&'static str, Toggle)>,
    listeners: Vec<(&'static str, EventListener)>,
    checked: Option<Box<dyn FnMut() -> bool + Send>>,
    fresh: bool,
) -> MountedElement {
    let mut mounted = MountedElement {
        node: node.clone(),
        children: Vec::new(),
        effects: Vec::new(),
        toggles: Vec::new(),
        listeners: Vec::new(),
    };
    for (name, attribute) in attributes {
        match attribute {
            Attribute::Fixed(Some(value)) if fresh => Rndr::set_attribute(node, name, &value),
            Attribute::Fixed(_) => {}
            Attribute::Dynamic(value) => {
                mounted
                    .effects
                    .push(follow(node.clone(), name, value, fresh));
            }
        }
    }
    for (class, toggle) in toggles {
        let list = Rndr::class_list(node);
        match toggle {
            Toggle::Fixed(true) if fresh => Rndr::add_class(&list, class),
            Toggle::Fixed(_) => {}
            Toggle::Dynamic(when) => mounted.toggles.push(follow_class(list, class, when, fresh)),
        }
    }
    if let Some(when) = checked {
        mounted.toggles.push(follow_checked(node.clone(), when));
    }
    for (name, listener) in listeners {
        mounted
            .listeners
            .push(Rndr::add_event_listener(node, name, listener));
    }
    mounted
}

fn follow(
    node: types::Element,
    name: &'static str,
    mut value: Box<dyn FnMut() -> AttributeValue + Send>,
    fresh: bool,
) -> LiveEffect<AttributeValue> {
    LiveEffect::new(move |before: Option<AttributeValue>| {
        let now = value();
        let set = match &before {
            None => fresh,
            Some(before) => *before != now,
        };
        match &now {
            Some(value) if set => Rndr::set_attribute(&node, name, value),
            None if set && before.is_some() => Rndr::remove_attribute(&node, name),
            _ => {}
        }
        now
    })
}

fn follow_class(
    list: ClassList,
    class: &'static str,
    mut when: Box<dyn FnMut() -> bool + Send>,
    fresh: bool,
) -> LiveEffect<bool> {
    LiveEffect::new(move |before: Option<bool>| {
        let now = when();
        if before.map_or(fresh, |before| before != now) {
            if now {
                Rndr::add_class(&list, class);
            } else {
                Rndr::remove_class(&list, class);
            }
        }
        now
    })
}

fn follow_checked(
    node: types::Element,
    mut when: Box<dyn FnMut() -> bool + Send>,
) -> LiveEffect<bool> {
    LiveEffect::new(move |_| {
        let now = when();
        Rndr::set_property(&node, "checked", &JsValue::from_bool(now));
        now
    })
}

impl Mounted {
    /// The first node of it in the page.
    pub(super) fn first_node(&self) -> Option<types::Node> {
        match self {
            Self::Nothing => None,
            Self::Text(node, _) => Some((**node).clone().into()),
            Self::Element(element) => Some((*element.node).clone()),
            Self::Many(parts) => parts.iter().find_map(Self::first_node),
            Self::Dynamic(effect, anchor) => {
                let inner = effect.with_value_mut(|inner| inner.first_node()).flatten();
                Some(inner.unwrap_or_else(|| (***anchor).clone()))
            }
            Self::Each(effect, anchor) => {
                let inner = effect
                    .with_value_mut(|list| {
                        list.iter().find_map(|child| child.mounted().first_node())
                    })
                    .flatten();
                Some(inner.unwrap_or_else(|| (***anchor).clone()))
            }
        }
    }
}

impl Mountable for Mounted {
    fn unmount(&mut self) {
        match self {
            Self::Nothing => {}
            Self::Text(node, _) => Rndr::remove(node),
            Self::Element(element) => Rndr::remove(&element.node),
            Self::Many(parts) => parts.iter_mut().for_each(Self::unmount),
            Self::Dynamic(effect, anchor) => {
                effect.with_value_mut(Self::unmount);
                Rndr::remove(anchor);
            }
            Self::Each(effect, anchor) => {
                effect.with_value_mut(|list| {
                    for child in list {
                        child.mounted_mut().unmount();
                    }
                });
                Rndr::remove(anchor);
            }
        }
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        match self {
            Self::Nothing => {}
            Self::Text(node, _) => insert(parent, node, marker),
            Self::Element(element) => insert(parent, &element.node, marker),
            Self::Many(parts) => parts.iter_mut().for_each(|part| part.mount(parent, marker)),
            Self::Dynamic(effect, anchor) => {
                effect.with_value_mut(|inner| inner.mount(parent, marker));
                insert(parent, anchor, marker);
            }
            Self::Each(effect, anchor) => {
                effect.with_value_mut(|list| {
                    for child in list {
                        child.mounted_mut().mount(parent, marker);
                    }
                });
                insert(parent, anchor, marker);
            }
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(first) = self.first_node() else {
            return false;
        };
        let Some(parent) = Rndr::get_parent(&first).and_then(types::Element::cast_from) else {
            return false;
        };
        child.mount(&parent, Some(&first));
        true
    }

    fn elements(&self) -> Vec<types::Element> {
        match self {
            Self::Element(element) => vec![element.node.clone()],
            Self::Many(parts) => parts.iter().flat_map(Self::elements).collect(),
            _ => Vec::new(),
        }
    }
}
