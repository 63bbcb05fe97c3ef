//! What a client says: a frame comes back as it was, a broken one is told apart and answered to what it named.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{ClientFrame, FaultAnswer, FrameFault};

fuzz_target!(|text: &str| {
    match ClientFrame::parse(text) {
        Ok(frame) => {
            let json = frame.to_json();
            assert_eq!(ClientFrame::parse(&json).as_ref(), Ok(&frame), "{json}");
        }
        Err(why) => {
            assert!(!why.message.is_empty());
            // Only a frame that is known is answered; everything else ends the connection.
            if why.fault != FrameFault::BadField {
                assert_eq!(why.answer, FaultAnswer::Close);
            }
        }
    }
});
