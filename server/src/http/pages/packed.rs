//! A page in pieces, compressed as it goes out: the beginning is not held back for the rest.
//!
//! gzip, which every browser takes: a page is sent once, and at the levels that can be afforded for that brotli is a tenth smaller for
//! several megabytes of memory.

use std::io::{self, Write as _};

use axum::{body::Bytes, http::HeaderMap};
use flate2::{Compression, write::GzEncoder};

use crate::http::coding;

/// A tenth larger than the best level, at a third of its time.
const LEVEL: Compression = Compression::new(5);

/// The form that a page goes out in.
pub(super) enum Packing {
    Plain,
    Gzip(GzEncoder<Vec<u8>>),
}

impl Packing {
    /// The form that the client takes.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match coding::best(headers, &["gzip"]) {
            Some(_) => Self::Gzip(GzEncoder::new(Vec::new(), LEVEL)),
            None => Self::Plain,
        }
    }

    /// What stands in `Content-Encoding`.
    pub(super) const fn name(&self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip(_) => Some("gzip"),
        }
    }

    /// A piece that the browser can use before the next one is there.
    pub(super) fn piece(&mut self, html: String) -> io::Result<Bytes> {
        match self {
            Self::Plain => Ok(html.into()),
            Self::Gzip(packing) => {
                packing.write_all(html.as_bytes())?;
                packing.flush()?;
                Ok(std::mem::take(packing.get_mut()).into())
            }
        }
    }

    /// The last piece.
    pub(super) fn end(self, html: String) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(html.into_bytes()),
            Self::Gzip(mut packing) => {
                packing.write_all(html.as_bytes())?;
                packing.finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::http::{HeaderValue, header};
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn a_beginning_can_be_read_before_the_rest_is_there() {
        let mut headers = HeaderMap::new();
        assert_eq!(Packing::of(&headers).name(), None);
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br"),
        );
        let mut form = Packing::of(&headers);
        assert_eq!(form.name(), Some("gzip"));
        let opening = "<!DOCTYPE html><title>Hubbub</title>";
        let first = form.piece(opening.to_owned()).unwrap();
        let mut seen = vec![0; opening.len()];
        GzDecoder::new(&first[..]).read_exact(&mut seen).unwrap();
        assert_eq!(seen, opening.as_bytes());
        let rest = "<p>hello</p>".repeat(1_000);
        let last = form.end(rest.clone()).unwrap();
        assert!(last.len() < rest.len() / 20);
        let mut whole = String::new();
        GzDecoder::new(&[&first[..], &last].concat()[..])
            .read_to_string(&mut whole)
            .unwrap();
        assert_eq!(whole, opening.to_owned() + &rest);
    }
}
