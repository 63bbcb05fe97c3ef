//! Taking over what the server drew: the same walk, over nodes that are there.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::{CastFrom, types},
        view::{Position, PositionState},
    },
};

use super::{
    Element, View,
    each::{Child, Item},
    mounted::{Mounted, MountedElement, animate, dynamic, list},
};

fn step(cursor: &Cursor, position: &PositionState) {
    if position.get() == Position::FirstChild {
        cursor.child();
    } else {
        cursor.sibling();
    }
}

impl View {
    /// Takes over what stands at the cursor.
    pub(super) fn take_over(self, cursor: &Cursor, position: &PositionState) -> Mounted {
        match self {
            Self::Nothing => Mounted::Nothing,
            Self::Text(text) => {
                step(cursor, position);
                // Two texts in a row are parted by an empty comment: the browser would join them.
                if position.get() == Position::NextChildAfterText {
                    cursor.sibling();
                }
                position.set(Position::NextChildAfterText);
                match types::Text::cast_from(cursor.current()) {
                    Some(node) => Mounted::Text(node, text),
                    None => Self::Text(text).build_now(),
                }
            }
            Self::Element(element) => take_over(element, cursor, position),
            Self::Many(views) => Mounted::Many(
                views
                    .into_iter()
                    .map(|view| view.take_over(cursor, position))
                    .collect(),
            ),
            Self::Dynamic(draw) => {
                let anchor = Rc::new(RefCell::new(None));
                let (at, place) = (cursor.clone(), position.clone());
                let effect = dynamic(draw, move |view| view.take_over(&at, &place), &anchor);
                let end = cursor.next_placeholder(position);
                *anchor.borrow_mut() = Some(end.clone());
                Mounted::Dynamic(effect, end)
            }
            Self::Each(items) => {
                let anchor = Rc::new(RefCell::new(None));
                let (at, place) = (cursor.clone(), position.clone());
                let draw = move |item: Item, owner: &Owner| {
                    Child::draw(item, owner, |view| view.take_over(&at, &place))
                };
                let effect = list(items, draw, &anchor);
                let end = cursor.next_placeholder(position);
                *anchor.borrow_mut() = Some(end.clone());
                Mounted::Each(effect, end)
            }
        }
    }
}

fn take_over(element: Element, cursor: &Cursor, position: &PositionState) -> Mounted {
    step(cursor, position);
    let Some(node) = types::Element::cast_from(cursor.current()) else {
        return View::Element(element).build_now();
    };
    let element = *element.0;
    let mut mounted: MountedElement = animate(
        &node,
        element.attributes,
        element.toggles,
        element.listeners,
        element.checked,
        false,
    );
    position.set(Position::FirstChild);
    for child in element.children {
        mounted.children.push(child.take_over(cursor, position));
    }
    cursor.set(node.into());
    position.set(Position::NextChild);
    Mounted::Element(mounted)
}
