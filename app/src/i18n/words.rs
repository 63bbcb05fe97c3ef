//! All texts of the page, as a table that every language fills in. A sentence with a blank is a function, so that each
//! language orders, declines and counts as it must, and one that is missing does not compile.

/// A sentence with a number in it.
pub type Count = fn(u64) -> String;
/// A sentence with a name, or another piece of text.
pub type With = fn(&str) -> String;
/// A sentence with two of them.
pub type With2 = fn(&str, &str) -> String;

/// One language.
pub struct Words {
    /// What is said at many places.
    pub common: Common,
    /// First run, sign-in, join.
    pub auth: Auth,
    /// What can be wrong with a form.
    pub wrong: Wrong,
    /// The list of rooms.
    pub rooms: ListWords,
    /// A room: its head, its people, what is empty.
    pub room: RoomWords,
    /// What was missed of a room.
    pub missed: Missed,
    /// Messages and what can be done with them.
    pub message: Message,
    /// The composer.
    pub composer: Composer,
    /// What was written for rooms that one is no longer in.
    pub unsent: UnsentWords,
    /// The connection banner.
    pub link: LinkWords,
    /// All dialogs.
    pub dialog: Dialog,
    /// The settings pages.
    pub settings: Settings,
    /// Days and times.
    pub time: Time,
}

/// What is said at many places.
pub struct Common {
    pub language: &'static str,
    pub apply: &'static str,
    pub close: &'static str,
    pub cancel: &'static str,
    pub try_again: &'static str,
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

/// First run, sign-in, join.
#[cfg_attr(
    feature = "hydrate",
    expect(dead_code, reason = "said by pages that the module does not draw")
)]
pub struct Auth {
    pub first_title: &'static str,
    pub first_lede: &'static str,
    pub your_name: &'static str,
    pub your_name_hint: &'static str,
    pub name: &'static str,
    pub password: &'static str,
    pub password_hint: Count,
    pub show_password: &'static str,
    pub setup_code: &'static str,
    pub setup_code_hint: &'static str,
    pub open_doors: &'static str,
    pub first_after: &'static str,
    pub words_stay: &'static str,
    pub welcome_back: &'static str,
    pub no_account: &'static str,
    pub join_title: With,
    pub invites_you: With,
    pub invite_facts: fn(people: u64, here: u64, until: &str) -> String,
    pub join: &'static str,
    pub here_before: &'static str,
}

/// What can be wrong with a form.
pub struct Wrong {
    pub name_empty: &'static str,
    pub name_long: Count,
    pub name_unfit: &'static str,
    pub name_letters: &'static str,
    pub name_reserved: &'static str,
    pub name_taken: With,
    pub room_taken: &'static str,
    pub password_short: fn(least: u64, has: u64) -> String,
    pub password_long: Count,
    pub password_old: &'static str,
    pub password_guessed: &'static str,
    pub setup_code: &'static str,
    pub sign_in: &'static str,
    pub many_tries: Count,
    pub invite_over: &'static str,
    pub not_first: &'static str,
    pub busy: &'static str,
    pub topic_long: Count,
}

/// The list of rooms.
pub struct ListWords {
    pub title: &'static str,
    pub people: &'static str,
    pub you: &'static str,
    pub search: &'static str,
    pub go_to: &'static str,
    pub make: &'static str,
    pub browse: &'static str,
    pub write_to: &'static str,
    pub unread: Count,
    pub mentions: Count,
    pub messages: Count,
    pub unread_beyond: Count,
    pub draft: &'static str,
    pub settings: &'static str,
    pub none: &'static str,
    pub choose: &'static str,
    pub choose_more: &'static str,
}

/// A room: its head, its people, what is empty.
pub struct RoomWords {
    pub skip: &'static str,
    pub skip_reading: &'static str,
    pub back: &'static str,
    pub back_to_room: &'static str,
    pub people_n: Count,
    pub menu: &'static str,
    pub topic: &'static str,
    pub messages_in: With,
    pub start: With,
    pub nobody_yet: &'static str,
    pub nobody_more: &'static str,
    pub start_direct: With,
    pub direct_more: &'static str,
    pub skeleton: &'static str,
    pub read_only: &'static str,
    pub join: &'static str,
    pub invite: &'static str,
    pub add_people: &'static str,
    pub set_topic: &'static str,
    pub leave: &'static str,
    pub people: &'static str,
    pub people_in: With,
    pub members: &'static str,
    pub as_of: With,
    pub jump: Count,
    pub to_end: &'static str,
    pub older: &'static str,
    pub typing_one: With,
    pub typing_two: With2,
    pub typing_many: &'static str,
    pub new_messages: Count,
    pub says: With2,
    pub to_you: With,
    pub title: With2,
    pub title_unread: fn(u64, &str) -> String,
    pub heading: With2,
    pub write_person: With,
}

/// What was missed of a room.
pub struct Missed {
    pub title: &'static str,
    pub new: fn(n: u64, since: Option<&str>) -> String,
    pub first: &'static str,
    pub mention: &'static str,
    pub mark_read: &'static str,
}

/// Messages and what can be done with them.
pub struct Message {
    pub sending: &'static str,
    pub waiting: &'static str,
    pub late: &'static str,
    pub late_more: &'static str,
    pub not_sent: &'static str,
    pub not_sent_lead: &'static str,
    pub edit: &'static str,
    pub copy: &'static str,
    pub discard: &'static str,
    pub edited: &'static str,
    pub edited_at: With,
    pub deleted: &'static str,
    pub show_all: &'static str,
    pub show_less: &'static str,
    pub in_reply_to: &'static str,
    pub quote_gone: &'static str,
    pub quote_far: &'static str,
    pub permalink: With,
    pub reaction: fn(emoji: &str, people: u64, mine: bool) -> String,
    pub add_reaction: &'static str,
    pub actions: &'static str,
    pub thumbs_up: &'static str,
    pub react: &'static str,
    pub reply: &'static str,
    pub more: &'static str,
    pub copy_link: &'static str,
    pub copy_text: &'static str,
    pub delete: &'static str,
    pub new: &'static str,
    pub new_tail: Count,
    pub new_label: Count,
    pub gap_loading: Count,
    pub gap_failed: Count,
    pub joined: With,
    pub added: With2,
    pub left: With,
    pub removed: With2,
    pub topic_set: With2,
    pub topic_cleared: With,
    pub rate_limited: Count,
    pub rate_limited_short: &'static str,
    pub overloaded: Count,
    pub overloaded_short: &'static str,
    pub forbidden: &'static str,
    pub not_found: &'static str,
    pub too_long: Count,
    pub invalid: &'static str,
    pub conflict: &'static str,
    pub storage_full: &'static str,
    pub storage_off: &'static str,
    pub too_many_unsent: &'static str,
    pub gone: &'static str,
    pub code: &'static str,
    pub edit_failed: &'static str,
    pub delete_failed: &'static str,
    pub react_failed: &'static str,
}

/// The composer.
pub struct Composer {
    pub write_to: With,
    pub write_to_person: With,
    pub edit_yours: &'static str,
    pub replying_to: With,
    pub stop_replying: &'static str,
    pub editing_of: With,
    pub stop_editing: &'static str,
    pub emoji: &'static str,
    pub send: &'static str,
    pub send_later: &'static str,
    pub save: &'static str,
    pub later: &'static str,
    pub kept: &'static str,
    pub nobody: With,
    pub call_instead: With,
    pub no_files: &'static str,
    pub draft_from: With,
    pub of: fn(u64, u64) -> String,
}

/// What was written for rooms that one is no longer in.
pub struct UnsentWords {
    pub title: fn(room: Option<&str>, messages: u64) -> String,
    pub row: fn(room: Option<&str>, messages: u64) -> String,
    pub dialog: &'static str,
    pub elsewhere: &'static str,
    pub elsewhere_title: &'static str,
    pub join_again: &'static str,
}

/// The connection banner. Each is a head and what follows it.
pub struct LinkWords {
    pub connecting: (&'static str, &'static str),
    pub waiting: (&'static str, Count, &'static str),
    pub trying: (&'static str, fn(u64, u64) -> String),
    pub quiet: (&'static str, Count, &'static str),
    pub offline: (&'static str, &'static str),
    pub restarting: (&'static str, Count),
    pub signed_out: (&'static str, Count),
    pub outdated: (&'static str, &'static str),
    pub banned: &'static str,
    pub catching_up: (&'static str, fn(u64, u64) -> String),
    pub back: (&'static str, &'static str),
    pub try_now: &'static str,
    pub reload: &'static str,
}

/// Words of all dialogs.
pub struct Dialog {
    pub new_room: &'static str,
    pub room_name: &'static str,
    pub room_name_hint: &'static str,
    pub topic_optional: &'static str,
    pub only_invited: &'static str,
    pub make_room: &'static str,
    pub browse: &'static str,
    pub browse_none: &'static str,
    pub joined: &'static str,
    pub open: &'static str,
    pub join_named: With,
    pub new_direct: &'static str,
    pub new_direct_hint: Count,
    pub find_people: &'static str,
    pub write: &'static str,
    pub add: &'static str,
    pub add_to: With,
    pub add_named: With,
    pub added: With,
    pub nobody_else: &'static str,
    pub nothing_found: With,
    pub invite_title: &'static str,
    pub invite_lede: &'static str,
    pub invite_link: &'static str,
    pub invite_uses: &'static str,
    pub invite_until: &'static str,
    pub people_n: Count,
    pub days_n: Count,
    pub make_link: &'static str,
    pub another_link: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub by_hand_title: &'static str,
    pub by_hand: &'static str,
    pub link_facts: fn(uses: u64, until: &str) -> String,
    pub topic_title: With,
    pub topic_hint: &'static str,
    pub save: &'static str,
    pub leave_title: With,
    pub leave_public: &'static str,
    pub leave_private: &'static str,
    pub stay: &'static str,
    pub leave: &'static str,
    pub delete_title: &'static str,
    pub delete_text: &'static str,
    pub keep: &'static str,
    pub delete: &'static str,
    pub move_key: &'static str,
    pub open_key: &'static str,
    pub close_key: &'static str,
    pub loading: &'static str,
}

/// Words of the settings pages.
pub struct Settings {
    pub title: &'static str,
    pub back: &'static str,
    pub profile: &'static str,
    pub look: &'static str,
    pub devices: &'static str,
    pub devices_lede: &'static str,
    pub this_one: &'static str,
    pub sign_out: &'static str,
    pub sign_out_named: With,
    pub sign_out_others: &'static str,
    pub signed_out: With,
    pub signed_out_others: Count,
    pub you_lede: &'static str,
    pub display_name: &'static str,
    pub display_name_hint: With,
    pub save: &'static str,
    pub saved: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub contrast: &'static str,
    pub contrast_system: &'static str,
    pub contrast_more: &'static str,
    pub contrast_normal: &'static str,
    pub password_title: &'static str,
    pub password_old: &'static str,
    pub password_new: &'static str,
    pub password_change: &'static str,
    pub password_hint: Count,
    pub leave_title: &'static str,
    pub leave_text: &'static str,
}

/// Days and times. Weekdays begin with Monday, months with January.
pub struct Time {
    pub today: &'static str,
    pub yesterday: &'static str,
    pub now: &'static str,
    pub minutes_ago: Count,
    pub weekdays: [&'static str; 7],
    pub weekdays_short: [&'static str; 7],
    pub months: [&'static str; 12],
    pub months_short: [&'static str; 12],
    /// A day in a line of its own: "Fri 20 Nov".
    pub day: fn(weekday: &str, day: u8, month: &str, year: Option<i64>) -> String,
    /// A day in a sentence: "3 November".
    pub date: fn(day: u8, month: &str, year: Option<i64>) -> String,
    /// A time of a clock with twelve hours: "9:26 AM".
    pub half_day: fn(time: &str, afternoon: bool) -> String,
    /// A day and a time: "Yesterday, 21:50".
    pub at: With2,
}

/// A number, grouped by thousands, as both languages write it.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
