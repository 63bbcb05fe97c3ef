//! English words of conversation: messages, what is pinned, the composer, what was missed, what is unsent.

use super::counted;
use crate::i18n::words::{
    ComposerWords, MessageWords, MissedWords, PersonalWords, PinWords, UnsentWords, number,
};

pub(super) const MISSED: MissedWords = MissedWords {
    title: "Missed messages",
    new: |n, since| match since {
        Some(since) => format!("{} new since {since}", number(n)),
        None => format!("{} new", number(n)),
    },
    first: "Jump to first",
    mention: "Next mention",
    mark_read: "Mark read",
};

pub(super) const MESSAGE: MessageWords = MessageWords {
    sending: "Sending",
    waiting: "Waiting",
    late: "Still sending",
    late_more: "The server has not answered yet. It is kept, and goes out once.",
    not_sent: "Not sent",
    not_sent_lead: "Not sent.",
    edit: "Edit",
    copy: "Copy",
    discard: "Discard",
    edited: "edited",
    edited_at: |time| format!("Edited {time}"),
    edited_more: |time| format!("Edited {time}, show earlier versions"),
    deleted: "Deleted by its author",
    show_all: "Show all",
    show_less: "Show less",
    in_reply_to: "In reply to ",
    quote_gone: "Deleted by its author",
    quote_far: "An earlier message",
    permalink: |time| format!("{time}, permalink"),
    reaction: |emoji, people, mine| {
        format!(
            "{emoji}, {}{}",
            counted(people, "person", "people"),
            if mine { ", you too" } else { "" }
        )
    },
    add_reaction: "Add a reaction",
    actions: "Message actions",
    thumbs_up: "React with thumbs up",
    react: "React",
    reply: "Reply",
    more: "More",
    who_reacted: "Who reacted",
    given_by: |names, more| match (names, more) {
        ([before @ .., last], 0) if !before.is_empty() => {
            format!("{} and {last}", before.join(", "))
        }
        (names, 0) => names.join(", "),
        (names, more) => format!("{} and {} more", names.join(", "), number(more)),
    },
    nobody_reacts: "Nobody reacts to it any more.",
    earlier: "Earlier versions",
    nothing_earlier: "There is no earlier version of it.",
    newest_earlier: "Older versions are not shown.",
    copy_link: "Copy the link",
    copy_text: "Copy the text",
    mark_unread: "Mark unread from here",
    delete: "Delete",
    new: "New",
    new_tail: number,
    new_label: |n| format!("New messages, {}", number(n)),
    gap_loading: |n| format!("Loading {} between…", counted(n, "message", "messages")),
    gap_failed: |n| {
        format!(
            "{} between could not be loaded.",
            counted(n, "message", "messages")
        )
    },
    joined: |name| format!("{name} came in"),
    added: |by, name| format!("{by} brought {name} in"),
    left: |name| format!("{name} left"),
    removed: |by, name| format!("{by} took {name} out"),
    topic_set: |by, topic| format!("{by} set the topic: {topic}"),
    topic_cleared: |by| format!("{by} took the topic away"),
    renamed: |by, name| format!("{by} renamed the room to {name}"),
    made_read_only: |by| format!("{by} made the room read only"),
    made_open: |by| format!("{by} opened the room for everybody to write in"),
    archived: |by| format!("{by} archived the room"),
    unarchived: |by| format!("{by} took the room out of the archive"),
    rate_limited: |seconds| format!("Too many messages at once. It goes out again in {seconds} s."),
    rate_limited_short: "Too many messages at once.",
    overloaded: |seconds| format!("The server is busy. We try again in {seconds} s."),
    overloaded_short: "The server is busy.",
    forbidden: "You may read this room but not write in it.",
    not_found: "This room is gone, or you are no longer in it.",
    too_long: |over| {
        format!(
            "{} too many. Shorten it.",
            counted(over, "character", "characters")
        )
    },
    invalid: "The server cannot take this text.",
    conflict: "It was changed or deleted meanwhile, or the room archived.",
    storage_full: "Your browser cannot keep more unsent messages. Send or discard some.",
    storage_off: "Your browser keeps nothing for this site. What waits here is lost when you close this page.",
    too_many_unsent: "Too many messages wait to go out. Send or discard some.",
    gone: "This message is gone, or not yours to read.",
    code: "Code",
    copy_code: "Copy the code",
    table: "Table",
    done: "Done",
    to_do: "To do",
    hidden: "Hidden text, show it",
    hide: "Hide the text",
    edit_failed: "Your edit was not saved.",
    delete_failed: "The message was not deleted.",
    react_failed: "Your reaction was not kept.",
    pin_failed: "The message was not pinned or unpinned.",
    pins_full: "It was not pinned: the message is gone, or the room has 100 pinned messages. Unpin one first.",
};

pub(super) const PINS: PinWords = PinWords {
    pin: "Pin",
    unpin: "Unpin",
    unpin_of: |name| format!("Unpin the message of {name}"),
    pinned: "Pinned",
    menu: "Pinned messages",
    by: |name| format!("pinned by {name}"),
    by_you: "pinned by you",
    none: |room| format!("Nothing pinned in {room}"),
    none_more: "Pin what new people must read first. Everybody in the room sees it.",
    none_with: |name| format!("Nothing pinned in your talk with {name}"),
    none_with_more: "Pin what you want to find again. All of you see it.",
    newest: |n| format!("Only the newest {} are listed.", number(n)),
    not_loaded: "The pinned messages could not be loaded. They are all kept; try again.",
};

pub(super) const PERSONAL: PersonalWords = PersonalWords {
    for_you: "For you",
    all_read: "All read",
    saved: "Saved",
    save: "Save",
    unsave: "Remove from saved",
    unsave_of: |name| format!("Remove the message of {name} from saved"),
    was_saved: "Saved. Only you see it.",
    was_unsaved: "No longer saved",
    full: |n| {
        format!(
            "You have saved {} messages, as many as there can be. Remove one first.",
            number(n)
        )
    },
    to_you: "to you",
    in_room: |room| format!("in {room}"),
    with_people: |name| format!("with {name}"),
    elsewhere: "in a room that you are not in",
    none_for_you: "Nothing is waiting for you",
    none_for_you_more: "Mentions and direct messages gather here.",
    none_saved: "Nothing saved",
    none_saved_more: "Save a message with S, or from its menu. Only you see this list.",
    more: "Show more",
    not_loaded: "The list could not be loaded. Nothing is lost; try again.",
};

pub(super) const COMPOSER: ComposerWords = ComposerWords {
    write_to: |room| format!("Write to {room}"),
    write_to_person: |name| format!("Write to {name}"),
    edit_yours: "Edit your message",
    replying_to: |name| format!("Replying to {name}"),
    stop_replying: "Stop replying",
    editing_of: |time| format!("Editing your message of {time}"),
    stop_editing: "Stop editing",
    emoji: "Emoji",
    no_emoji: "Emoji could not be loaded. Try again in a moment.",
    find_emoji: "Search emoji",
    skin_tone: "Skin tone",
    send: "Send",
    send_later: "Send when the connection is back",
    save: "Save the edit",
    kept: "Kept here for when you return.",
    later: "Goes out when the connection is back.",
    nobody: |name| format!("{name} is nobody's name here. It calls nobody."),
    call_instead: |name| format!("Call {name}"),
    offers: "Names that fit",
    in_room: "In this room",
    not_in_room: "Not in this room: is not told",
    reaches: |n| format!("tells {}", counted(n, "person", "people")),
    no_files: "Files and pictures cannot be sent yet. A link to one can.",
    draft_from: |when| format!("Draft from {when}"),
    of: |n, most| format!("{} / {}", number(n), number(most)),
};

pub(super) const UNSENT: UnsentWords = UnsentWords {
    title: |room, n| {
        format!(
            "You are no longer in {}. {} not sent; the words are here.",
            room.unwrap_or("this room"),
            counted(n, "message was", "messages were"),
        )
    },
    row: |room, n| match room {
        Some(room) => format!("{} not sent, {room}", number(n)),
        None => format!("{} not sent", number(n)),
    },
    dialog: "Not sent",
    elsewhere: "Send elsewhere",
    elsewhere_title: "Send it to",
    join_again: "Join again",
};
