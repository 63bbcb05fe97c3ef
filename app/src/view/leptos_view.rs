//! A [`View`] among Leptos' views.

use leptos::tachys::{
    html::attribute::any_attribute::AnyAttribute,
    hydration::Cursor,
    no_attrs,
    view::{Mountable, Position, PositionState, Render, RenderHtml},
};

use super::{View, mounted::Mounted, text::Before};

impl Render for View {
    type State = Mounted;

    fn build(self) -> Mounted {
        self.build_now()
    }

    fn rebuild(self, state: &mut Mounted) {
        let mut after = self.build_now();
        state.insert_before_this(&mut after);
        state.unmount();
        *state = after;
    }
}

no_attrs!(View);

impl RenderHtml for View {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = Self> {
        std::future::ready(self)
    }

    fn to_html_with_buf(
        self,
        out: &mut String,
        position: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
        let after_text = *position == Position::NextChildAfterText;
        let mut before = if after_text {
            Before::Text
        } else {
            Before::Other
        };
        self.write(out, &mut before);
        *position = match before {
            Before::Text => Position::NextChildAfterText,
            Before::Other => Position::NextChild,
        };
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Mounted {
        self.take_over(cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}
