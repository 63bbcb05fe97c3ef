//! Words that are said at many places.

use super::With2;

/// What is said at many places.
pub struct Common {
    pub close: &'static str,
    pub cancel: &'static str,
    pub try_again: &'static str,
    pub undo: &'static str,
    pub sign_in: &'static str,
    pub online: &'static str,
    pub away: &'static str,
    pub offline: &'static str,
    pub not_connected: &'static str,
    pub owner: &'static str,
    pub admin: &'static str,
    pub moderator: &'static str,
    pub failed: &'static str,
    /// The program of the page has stopped; a button to load it again stands beside it.
    #[cfg_attr(
        not(feature = "ssr"),
        expect(dead_code, reason = "said by the page's script")
    )]
    pub broken: &'static str,
    /// The same, where the browser keeps nothing.
    #[cfg_attr(
        not(feature = "ssr"),
        expect(dead_code, reason = "said by the page's script")
    )]
    pub broken_unkept: &'static str,
    pub needs_scripts: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub too_old: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub missing_title: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub missing: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub trouble_title: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub trouble: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub foreign_title: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    /// Where a form came from, and what the server takes for its own address.
    pub foreign: With2,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub foreign_nowhere: &'static str,
    #[cfg_attr(
        feature = "hydrate",
        expect(dead_code, reason = "said by pages that the module does not draw")
    )]
    pub to_rooms: &'static str,
    /// Joins the pieces of a line, such as "Now · 203.0.113.…".
    pub dot: &'static str,
    /// Between two names.
    pub comma: &'static str,
    /// Between two sentences.
    pub space: &'static str,
}
