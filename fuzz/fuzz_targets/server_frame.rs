//! What a server says, as a client reads it: a frame comes back as it was, and one that is not known is no error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ServerFrame;

fuzz_target!(|text: &str| {
    let Ok(frame) = ServerFrame::parse(text) else {
        return;
    };
    // What is not known cannot be written.
    if frame == ServerFrame::Unknown {
        return;
    }
    let json = frame.to_json();
    assert_eq!(ServerFrame::parse(&json).as_ref(), Ok(&frame), "{json}");
});
