//! Hydration: the walk that takes over what the server drew, node by node. It trusts nothing: what an extension put in, a
//! translator wrapped or a proxy took away is a difference, and a difference ends the walk. Then the view is built anew.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use leptos::{
    prelude::*,
    tachys::{
        renderer::{CastFrom, Rndr, types},
        view::{Mountable, Position},
    },
};

use super::{
    Element, View,
    each::{Child, KeyedItem},
    mounted::{Mounted, MountedElement, animate, dynamic, list},
};

/// Where the walk is. Handles share it: what is drawn later in a closure goes on from the same place.
pub(super) struct Walk {
    at: RefCell<types::Node>,
    place: Cell<Position>,
    /// Something else is there than was drawn.
    lost: Cell<bool>,
}

impl Walk {
    fn new(root: &types::Element) -> Rc<Self> {
        Rc::new(Self {
            at: RefCell::new((**root).clone()),
            place: Cell::new(Position::FirstChild),
            lost: Cell::new(false),
        })
    }

    /// The node after the last one.
    fn peek(&self) -> Option<types::Node> {
        let at = self.at.borrow();
        if self.place.get() == Position::FirstChild {
            Rndr::first_child(&at)
        } else {
            Rndr::next_sibling(&at)
        }
    }

    /// Steps to the next node, which must be of this kind. Otherwise the walk is lost.
    fn next<T: CastFrom<types::Node>>(&self) -> Option<T> {
        let node = self.peek().filter(|_| !self.lost.get());
        let found = node.and_then(|node| Some((T::cast_from(node.clone())?, node)));
        let Some((found, node)) = found else {
            self.lost.set(true);
            return None;
        };
        *self.at.borrow_mut() = node;
        self.place.set(Position::NextChild);
        Some(found)
    }
}

/// Draws into the element with the id `root`: takes over what stands there, or else builds it anew. `keep` is called before
/// anything is taken away, and what it gives when all is there again.
pub fn mount<K: FnOnce()>(root: &str, draw: impl Fn() -> View, keep: impl FnOnce() -> K) {
    let root = element(root);
    let first = Owner::new();
    let mounted = first.with(|| draw().hydrate_in(&root));
    if let Some(mounted) = mounted {
        for_ever((first, mounted));
        return;
    }
    first.cleanup();
    let restore = keep();
    let owner = Owner::new();
    let mounted = owner.with(|| draw().build_in(&root));
    restore();
    for_ever((owner, mounted));
}

/// The page lives as long as its document.
fn for_ever<T>(what: T) {
    Box::leak(Box::new(what));
}

/// The element with an id. Where somebody took it away, a new one at the end of the body.
fn element(id: &str) -> types::Element {
    let document = document();
    document.get_element_by_id(id).unwrap_or_else(|| {
        let element = Rndr::create_element("div", None);
        Rndr::set_attribute(&element, "id", id);
        if let Some(body) = document.body() {
            Rndr::insert_node(&body, &element, None);
        }
        element
    })
}

impl View {
    /// Takes over what stands in `root`, and nothing else stands there. None where it is not what this view draws: nothing of
    /// it is alive then.
    pub(super) fn hydrate_in(self, root: &types::Element) -> Option<Mounted> {
        let walk = Walk::new(root);
        let mounted = self.take_over(&walk);
        (!walk.lost.get() && walk.peek().is_none()).then_some(mounted)
    }

    /// Builds it in `root`, in place of whatever is there.
    pub(super) fn build_in(self, root: &types::Element) -> Mounted {
        Rndr::clear_children(root);
        let mut mounted = self.build_now();
        mounted.mount(root, None);
        mounted
    }

    fn take_over(self, walk: &Rc<Walk>) -> Mounted {
        if walk.lost.get() {
            return Mounted::Nothing;
        }
        match self {
            Self::Nothing => Mounted::Nothing,
            Self::Text(text) => {
                // Two texts in a row are parted by an empty comment: the browser would join them.
                if walk.place.get() == Position::NextChildAfterText {
                    walk.next::<types::Placeholder>();
                }
                let Some(node) = walk.next::<types::Text>() else {
                    return Mounted::Nothing;
                };
                walk.place.set(Position::NextChildAfterText);
                // Words that were replaced (by a translator, say) are put right; the node is ours.
                if node.node_value().as_deref() != Some(&*text) {
                    Rndr::set_text(&node, &text);
                }
                Mounted::Text(node, text)
            }
            Self::Element(element) => take_over(element, walk),
            Self::Many(views) => {
                Mounted::Many(views.into_iter().map(|view| view.take_over(walk)).collect())
            }
            Self::Dynamic(draw) => {
                let anchor = Rc::new(RefCell::new(None));
                let at = Rc::clone(walk);
                let effect = dynamic(draw, move |view| view.take_over(&at), &anchor);
                let Some(end) = walk.next::<types::Placeholder>() else {
                    return Mounted::Nothing;
                };
                *anchor.borrow_mut() = Some(end.clone());
                Mounted::Dynamic(effect, end)
            }
            Self::Each(items) => {
                let anchor = Rc::new(RefCell::new(None));
                let at = Rc::clone(walk);
                let draw = move |item: KeyedItem, owner: Owner| {
                    Child::draw(item, owner, |view| view.take_over(&at))
                };
                let effect = list(items, draw, &anchor);
                let Some(end) = walk.next::<types::Placeholder>() else {
                    return Mounted::Nothing;
                };
                *anchor.borrow_mut() = Some(end.clone());
                Mounted::Each(effect, end)
            }
        }
    }
}

fn take_over(element: Element, walk: &Rc<Walk>) -> Mounted {
    let element = *element.0;
    let Some(node) = walk
        .next::<types::Element>()
        .filter(|node| is_drawn(node, element.tag, element.class))
    else {
        walk.lost.set(true);
        return Mounted::Nothing;
    };
    let mut mounted: MountedElement = animate(
        &node,
        element.attributes,
        element.toggles,
        element.listeners,
        element.checked,
        false,
    );
    if element.html.is_none() {
        walk.place.set(Position::FirstChild);
        for child in element.children {
            mounted.children.push(child.take_over(walk));
        }
        // What stands behind them was not drawn.
        if walk.peek().is_some() {
            walk.lost.set(true);
        }
    }
    *walk.at.borrow_mut() = node.into();
    walk.place.set(Position::NextChild);
    Mounted::Element(mounted)
}

/// Whether an element is one that was drawn with this tag and these classes. Classes that were added do not matter.
fn is_drawn(node: &types::Element, tag: &str, class: &str) -> bool {
    if node.local_name() != tag {
        return false;
    }
    let has = node.get_attribute("class").unwrap_or_default();
    class
        .split_ascii_whitespace()
        .all(|one| has.split_ascii_whitespace().any(|other| other == one))
}
