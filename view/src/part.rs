//! Children of an element: words, elements, none or several of them, and whatever depends on signals.

use std::borrow::Cow;

use super::{Element, View};

/// Something that can be drawn.
pub trait Part {
    /// As a view.
    fn view(self) -> View;
}

impl Part for View {
    fn view(self) -> View {
        self
    }
}

impl Part for Element {
    fn view(self) -> View {
        View::Element(self)
    }
}

impl Part for () {
    fn view(self) -> View {
        View::Nothing
    }
}

impl Part for Cow<'static, str> {
    fn view(self) -> View {
        if self.is_empty() {
            View::Nothing
        } else {
            View::Text(self)
        }
    }
}

impl Part for &'static str {
    fn view(self) -> View {
        Cow::Borrowed(self).view()
    }
}

impl Part for String {
    fn view(self) -> View {
        Cow::<'static, str>::Owned(self).view()
    }
}

impl<P: Part> Part for Option<P> {
    fn view(self) -> View {
        self.map_or(View::Nothing, P::view)
    }
}

impl<P: Part> Part for Vec<P> {
    fn view(self) -> View {
        View::Many(self.into_iter().map(P::view).collect())
    }
}

impl<P: Part, const N: usize> Part for [P; N] {
    fn view(self) -> View {
        View::Many(self.into_iter().map(P::view).collect())
    }
}

/// What reads signals is a closure: it is drawn again when they change.
impl<P: Part, F: FnMut() -> P + Send + 'static> Part for F {
    fn view(mut self) -> View {
        View::Dynamic(Box::new(move || self().view()))
    }
}

/// Something that is drawn again when a signal changes that it read.
pub fn dynamic<P: Part>(draw: impl FnMut() -> P + Send + 'static) -> View {
    draw.view()
}

/// Several parts, one after the other, without an element around them.
pub fn many() -> Many {
    Many(Vec::new())
}

/// See [`many`].
pub struct Many(Vec<View>);

impl Many {
    /// With one more.
    pub fn child(mut self, part: impl Part) -> Self {
        self.0.push(part.view());
        self
    }
}

impl Part for Many {
    fn view(self) -> View {
        View::Many(self.0)
    }
}
