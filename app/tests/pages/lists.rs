//! Lists of messages of all rooms.

use app::route::Listing;

use super::fixture::{list, render, tag, words};

#[test]
fn what_is_to_one_and_not_read_yet_is_marked() {
    let html = render(list(Listing::ForYou, &[11, 6]));
    assert!(html.contains("<title>(17) For you · Lantern Street</title>"));
    // Of the room, all up to the eighth is read.
    assert_eq!(html.matches("<li class=\"yours\"").count(), 1);
    assert!(tag(&html, "a", &["id=\"listed-12-11\""]).contains("href=\"/rooms/12?at=11\""));
    let says = words(&html);
    assert!(says.contains("Ngozi Adeyemi in #transmitter"), "{says}");
    // One mention, and two messages of a direct room.
    assert!(says.contains("For you 3 3 unread"), "{says}");
}

#[test]
fn what_was_saved_and_is_deleted_says_so_and_can_be_taken_off() {
    let html = render(list(Listing::Saved, &[10, 5]));
    let says = words(&html);
    assert!(says.contains("Deleted by its author"), "{says}");
    assert_eq!(html.matches("title=\"Remove from saved\"").count(), 2);
    assert!(!html.contains("class=\"yours\""));
    let none = words(&render(list(Listing::Saved, &[])));
    assert!(
        none.contains("Nothing saved Save a message with S"),
        "{none}"
    );
}
