//! A checksum for each text of the log.
//!
//! SQLite checks how its pages hang together, not what stands in them: a bit that a disk or its memory turned over gives a text that
//! reads well and was never said. A CRC-32 finds every such bit, and up to three of them in a text of the greatest length; it costs a
//! send some ten nanoseconds and five bytes. It is no signature: whoever may write to the file can make it fit.

/// The checksum of a text, as the database keeps it.
pub(super) fn sum(text: &[u8]) -> i64 {
    crc32fast::hash(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_one_that_is_written() {
        // The check value of CRC-32/ISO-HDLC: what is in databases must stay readable.
        assert_eq!(sum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_bit_counts() {
        let text = "hello, 世界 👍".as_bytes();
        for at in 0..text.len() * 8 {
            let mut other = text.to_vec();
            other[at / 8] ^= 1 << (at % 8);
            assert_ne!(sum(&other), sum(text), "bit {at}");
        }
    }
}
