//! What the pages for owners and admins are drawn from: people and their roles, and invites. They are classic forms, and no part of the
//! browser's module.

use protocol::{
    Role, RoomSummary, UserSummary,
    rights::{ServerRight, Who, may_on_server},
};
/// A page for owners and admins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoverningPage {
    /// `/people`: everybody, and what they may do.
    People(PeoplePage),
    /// `/people/{id}`, `/people/{id}/ban`: one person.
    Person(PersonPage),
    /// `/invites`: those that still work.
    Invites(InvitesPage),
    /// Who looks is neither owner nor admin.
    Denied,
}

impl GoverningPage {
    /// The status that goes with the page over HTTP.
    pub const fn status(&self) -> u16 {
        let refused = match self {
            Self::People(page) => &page.refused,
            Self::Person(page) => &page.refused,
            Self::Invites(page) => &page.refused,
            Self::Denied => return 403,
        };
        match refused {
            None => 200,
            Some(why) => why.status(),
        }
    }
}

/// Everybody, a page of them at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeoplePage {
    /// The name that is looked for; empty for everybody.
    pub looked_for: String,
    /// Whether it lists those who are shut out, and not the others.
    pub banned: bool,
    /// How many people have an account and are not shut out.
    pub total: u64,
    /// The people of this page, by id.
    pub people: Vec<GovernedPerson>,
    /// The id that this page begins after; 0 for the first page.
    pub after: u64,
    /// The id that the next page begins after; none on the last.
    pub next: Option<u64>,
    /// Whose role was changed just now.
    pub changed: Option<GovernedPerson>,
    /// Why the last thing asked for was not done.
    pub refused: Option<GoverningRefusal>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPage {
    /// Who it is.
    pub person: GovernedPerson,
    /// Whether it is the question before a ban.
    pub asks_to_ban: bool,
    /// What was changed just now.
    pub changed: Option<GoverningChange>,
    /// The link to a new password that was made just now.
    pub reset: Option<ShownReset>,
    /// Why the last thing asked for was not done.
    pub refused: Option<GoverningRefusal>,
}

/// What was changed of somebody. What it is now stands in their [`GovernedPerson`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoverningChange {
    /// Their role.
    Role,
    /// Whether they are shut out.
    Banned,
}

/// A link to a new password, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownReset {
    /// The link.
    pub url: String,
    /// When it ends, in milliseconds since the epoch.
    pub expires_at: u64,
}

/// The invites that still work, a page of them at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitesPage {
    /// The newest first.
    pub invites: Vec<ListedInvite>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
    /// The code of the one that is shown to be handed over, and its link as a QR code.
    pub shown: Option<(String, QrCode)>,
    /// The code of the one that was revoked just now.
    pub revoked: Option<String>,
    /// The rooms that a new one can open.
    pub rooms: Vec<RoomSummary>,
    /// Why the last thing asked for was not done.
    pub refused: Option<GoverningRefusal>,
}

/// An invite in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedInvite {
    /// What its link ends in.
    pub code: String,
    /// Its link.
    pub url: String,
    /// For how many people still; at least 1.
    pub uses: u32,
    /// When it ends, in milliseconds since the epoch.
    pub expires_at: u64,
    /// Who made it.
    pub by: Option<UserSummary>,
    /// The rooms that it opens, those of them that the viewer may know of.
    pub rooms: Vec<RoomSummary>,
}

/// A QR code as a drawing: one unit a module, dark on white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// Its side, with the margin.
    pub side: usize,
    /// The dark modules, as the data of an SVG path.
    pub path: String,
}

/// Somebody, as whoever governs sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GovernedPerson {
    /// Who it is.
    pub user: UserSummary,
    /// Whether they are shut out.
    pub banned: bool,
}

impl GovernedPerson {
    /// Whether `me` may change what they may do.
    pub fn is_governed_by(&self, me: &UserSummary) -> bool {
        self.may_get(me, self.user.role)
    }

    /// The roles that `me` may give them, from the least; none where `me` does not govern them.
    pub fn roles_by(&self, me: &UserSummary) -> Vec<Role> {
        Role::NAMES
            .into_iter()
            .filter_map(Role::named)
            .filter(|role| self.may_get(me, *role))
            .collect()
    }

    fn may_get(&self, me: &UserSummary, gets: Role) -> bool {
        let has = self.user.role;
        may_on_server(Who::from(me), ServerRight::Govern { has, gets }).is_ok()
    }
}

/// Why something was not done. The pages have a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoverningRefusal {
    /// It is for owners.
    OwnersOnly,
    /// Somebody must be the owner.
    LastOwner,
    /// Nobody shuts themselves out.
    Oneself,
    /// There is no such role, person, room or invite.
    NotThere,
    /// An invite for more people, days or rooms than one can be for.
    Unfit,
    /// Too many changes at once.
    TooMany,
    /// The server is busy; the same again may succeed.
    Busy,
}

impl GoverningRefusal {
    /// The status that goes with it.
    const fn status(self) -> u16 {
        match self {
            Self::OwnersOnly => 403,
            Self::NotThere => 404,
            Self::LastOwner | Self::Oneself => 409,
            Self::Unfit => 422,
            Self::TooMany => 429,
            Self::Busy => 503,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::UserId;

    use super::*;

    fn person(id: u64, role: Role) -> UserSummary {
        let user = UserSummary::new(UserId::new(id).unwrap(), "x".to_owned(), "X".to_owned());
        UserSummary { role, ..user }
    }

    #[test]
    fn the_roles_that_are_offered_are_those_that_may_be_given() {
        use Role::{Admin, Member, Moderator, Owner};
        for (me, has, offered) in [
            (Member, Member, &[][..]),
            (Moderator, Member, &[]),
            (Admin, Member, &[Member, Moderator, Admin]),
            (Admin, Admin, &[Member, Moderator, Admin]),
            (Admin, Owner, &[]),
            (Owner, Owner, &[Member, Moderator, Admin, Owner]),
        ] {
            let user = person(2, has);
            let one = GovernedPerson {
                user,
                banned: false,
            };
            let me = person(1, me);
            assert_eq!(one.roles_by(&me), offered, "{me:?} of {has:?}");
            assert_eq!(one.is_governed_by(&me), !offered.is_empty());
        }
    }
}
