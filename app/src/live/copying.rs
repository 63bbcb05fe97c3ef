//! Copying a text, also where the browser does not let a page do it.

use leptos::prelude::*;

use super::{Dialog, Live};

/// Copies texts. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Clipboard(pub(super) Live);

impl Clipboard {
    /// Copies a text, and says so. Where the browser does not let us, it is shown to be copied by hand.
    pub(crate) fn copy(self, text: &str) {
        self.copy_and(text, || {});
    }

    /// [`Clipboard::copy`]; `then` is called when it was copied.
    pub(crate) fn copy_and(self, text: &str, then: impl FnOnce() + 'static) {
        let by_hand = text.to_owned();
        self.copy_or(text, then, move || {
            self.0.uncopied().set(by_hand);
            self.0.dialog().set(Some(Dialog::ByHand));
        });
    }

    /// [`Clipboard::copy`] of what stands in a field: it is selected there to be copied by hand.
    pub(crate) fn copy_field(self, field: &'static str, text: &str) {
        self.copy_or(
            text,
            || {},
            move || {
                self.0.ui().browser(|browser| browser.select(field));
                self.0
                    .announcements()
                    .toast(self.0.ui().words.dialog.by_hand);
            },
        );
    }

    fn copy_or(
        self,
        text: &str,
        then: impl FnOnce() + 'static,
        otherwise: impl FnOnce() + 'static,
    ) {
        let done = move |done: bool| {
            if done {
                self.0
                    .announcements()
                    .toast(self.0.ui().words.dialog.copied);
                then();
            } else {
                otherwise();
            }
        };
        self.0
            .ui()
            .browser(|browser| browser.copy(text, Box::new(done)));
    }
}
