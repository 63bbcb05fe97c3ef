//! English words of accounts: first run, sign-in, joining, settings.

use super::counted;
use crate::i18n::words::{Auth, FormWords, Settings, number};

pub(super) const AUTH: Auth = Auth {
    first_title: "You are the first one here",
    first_lede: "Make the owner's account. It can invite people, make rooms and change every setting.",
    your_name: "Your name",
    your_name_hint: "Everybody sees it. You can change it later.",
    name: "Name",
    password: "Password",
    password_hint: |least| format!("At least {least} characters. A sentence is best."),
    show_password: "Show the password",
    setup_code: "Setup code",
    setup_code_hint: "The server prints it in its log when it starts. On its own machine you need none.",
    open_doors: "Open the doors",
    first_after: "You land in #general. An invite link brings the next person.",
    words_stay: "Your words stay on this server.",
    welcome_back: "Welcome back",
    no_account: "No account? You need an invite link from a member.",
    join_title: |server| format!("Join {server}"),
    invites_you: |name| format!("{name} invites you"),
    invite_facts: |people, here, until| {
        format!(
            "{}, {} here now. This link works until {until}.",
            counted(people, "person", "people"),
            number(here)
        )
    },
    join: "Join",
    here_before: "Here before?",
    reset_title: "Choose a new password",
    reset_for: |name| format!("You sign in as {name}."),
    reset_password: "New password",
    reset_save: "Save and sign in",
    reset_after: "Everywhere else you are signed out then.",
};

pub(super) const SETTINGS: Settings = Settings {
    language: "Language",
    apply: "Apply",
    now: "Now",
    minutes_ago: |n| format!("{} ago", counted(n, "minute", "minutes")),
    title: "Settings",
    back: "Back to the rooms",
    profile: "You",
    look: "Look and language",
    devices: "Devices",
    people: "People and roles",
    invites: "Invites",
    devices_lede: "Where you are signed in. Signing one out closes it within a second; what it had not sent stays on it.",
    this_one: "This one",
    sign_out: "Sign out",
    sign_out_named: |device| format!("Sign out {device}"),
    sign_out_others: "Sign out all others",
    signed_out_others: |n| {
        format!(
            "{} signed out",
            counted(n, "other device is", "other devices are")
        )
    },
    you_lede: "Your name, how Hubbub looks to you, and your password.",
    display_name: "Your name",
    display_name_hint: |name| {
        format!("Everybody sees it. You sign in as {name}, and @{name} calls you.")
    },
    save: "Save",
    saved: "Saved",
    zone: "Time zone",
    zone_hint: "On your card others see what time it is for you.",
    zone_none: "Not shown",
    zone_save: "Save the time zone",
    theme: "Theme",
    theme_system: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    contrast: "Contrast",
    contrast_system: "As the system",
    contrast_more: "High",
    contrast_normal: "Normal",
    password_title: "Password",
    password_old: "Present password",
    password_new: "New password",
    password_change: "Change the password",
    password_hint: |least| format!("At least {least} characters. It signs out your other devices."),
    password_saved: "The password is changed. Your other devices are signed out.",
    leave_title: "Sign out",
    leave_text: "What you have not sent stays on this device until you return.",
};

pub(super) const FORM: FormWords = FormWords {
    name_taken: |name| {
        format!("Somebody here is called {name} already. Add something that tells you apart.")
    },
    password_short: |least, has| format!("At least {least} characters; this one has {has}."),
    password_long: |most| format!("At most {most} characters."),
    password_old: "This is not your present password.",
    password_guessed: "This is among the first that somebody would try. A sentence is best.",
    setup_code: "This is not the setup code. The server prints it in its log when it starts.",
    sign_in: "This name and password do not go together. Check both and try again.",
    banned: "This account is shut out of this server. Ask an admin if you think that this is a mistake.",
    many_tries: |minutes| {
        format!(
            "Too many tries. Wait {}, or ask an admin for a reset link.",
            counted(minutes, "minute", "minutes")
        )
    },
    invite_over: "This invite is used up or too old. Ask for a new one.",
    reset_over: "This link was used or is too old. Ask an admin for a new one.",
    not_first: "This server has its owner already. Sign in, or ask for an invite.",
    busy: "The server is busy. Try again in a moment.",
};
