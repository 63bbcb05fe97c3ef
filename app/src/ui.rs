//! Things that every component needs: the words, and where the icons are.

use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    boot::Boot,
    i18n::{Lang, Words},
    ports::Browser,
};
use view::{Part, View, tag};

/// Given by context to the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// The words of the page's language.
    pub(crate) words: &'static Words,
    /// That language.
    pub(crate) lang: Lang,
    /// The server's name.
    pub(crate) server: StoredValue<String>,
    /// Whether the browser has taken the page over. What depends on it is drawn as without scripts before.
    pub(crate) alive: RwSignal<bool>,
    /// Where the table of emoji is.
    pub(crate) emoji: StoredValue<String>,
    icons: StoredValue<String>,
    browser: StoredValue<Option<Rc<dyn Browser>>, LocalStorage>,
}

impl Ui {
    /// The one of a page.
    pub(crate) fn new(boot: &Boot) -> Self {
        Self {
            words: boot.lang.words(),
            lang: boot.lang,
            server: StoredValue::new(boot.server.name.clone()),
            alive: RwSignal::new(false),
            emoji: StoredValue::new(boot.assets.emoji.clone()),
            icons: StoredValue::new(boot.assets.icons.clone()),
            browser: StoredValue::new_local(None),
        }
    }

    /// From now on the page runs in a browser.
    #[cfg(feature = "hydrate")]
    pub(crate) fn run_in(self, browser: Rc<dyn Browser>) {
        self.browser.set_value(Some(browser));
    }

    /// Asks the browser. On the server, where nothing ever happens to a page, nobody answers.
    pub(crate) fn browser<T>(self, ask: impl FnOnce(&dyn Browser) -> T) -> Option<T> {
        let browser = self.browser.try_get_value().flatten()?;
        Some(ask(&*browser))
    }

    /// Where the focus is now ([`Browser::focus_turn`]).
    pub(crate) fn focus_turn(self) -> u32 {
        self.browser(|browser| browser.focus_turn())
            .unwrap_or_default()
    }

    /// The one of the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The address of an icon in the sprite.
    fn sprite(self, name: &str) -> String {
        self.icons.with_value(|icons| format!("{icons}#i-{name}"))
    }
}

/// An icon of 20 px. It says nothing: the words beside it, or the name of its button, do.
pub(crate) fn icon(name: &'static str) -> View {
    icon_as("i", name)
}

/// An icon of 16 px.
pub(crate) fn icon_small(name: &'static str) -> View {
    icon_as("i s", name)
}

/// An icon with other classes.
pub(crate) fn icon_as(class: &'static str, name: &'static str) -> View {
    let href = Ui::here().sprite(name);
    tag::svg("svg")
        .class(class)
        .attr("aria-hidden", "true")
        .child(tag::svg("use").attr("href", href))
        .view()
}

/// `sentence` with each of `names`, in order, isolated from the direction of what is around it.
pub(crate) fn with_names(sentence: &str, names: &[&str]) -> View {
    let mut parts = Vec::with_capacity(names.len() * 2 + 1);
    let mut rest = sentence;
    for &name in names {
        if let Some((before, after)) = rest.split_once(name) {
            parts.push(before.to_owned().view());
            parts.push(bdi(name));
            rest = after;
        }
    }
    parts.push(rest.to_owned().view());
    parts.view()
}

/// A name: isolated, and tagged with its script, so that its glyphs are right. A list of names ([`crate::text::isolated`]) runs as the
/// page does, where `bdi` alone would go by its first letter.
pub(crate) fn bdi(name: &str) -> View {
    tag::bdi("")
        .attr("dir", name.contains('\u{2068}').then_some("ltr"))
        .attr("lang", crate::text::lang_of(name))
        .child(name.to_owned())
        .view()
}
