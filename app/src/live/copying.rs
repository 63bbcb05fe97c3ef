//! Copying a text, also where the browser does not let a page do it.

use leptos::prelude::*;

use super::{Dialog, Live};

impl Live {
    /// Copies a text, and says so. Where the browser does not let us, it is shown to be copied by hand.
    pub(crate) fn copy(self, text: &str) {
        self.copy_and(text, || {});
    }

    /// [`Live::copy`]; `then` is called when it was copied.
    pub(crate) fn copy_and(self, text: &str, then: impl FnOnce() + 'static) {
        let by_hand = text.to_owned();
        self.copy_or(text, then, move || {
            self.uncopied().set(by_hand);
            self.dialog().set(Some(Dialog::ByHand));
        });
    }

    /// [`Live::copy`] of what stands in a field: it is selected there to be copied by hand.
    pub(crate) fn copy_field(self, field: &'static str, text: &str) {
        self.copy_or(
            text,
            || {},
            move || {
                self.ui().browser(|browser| browser.select(field));
                self.announcements().toast(self.ui().words.dialog.by_hand);
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
                self.announcements().toast(self.ui().words.dialog.copied);
                then();
            } else {
                otherwise();
            }
        };
        self.ui()
            .browser(|browser| browser.copy(text, Box::new(done)));
    }
}
