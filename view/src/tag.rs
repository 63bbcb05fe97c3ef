//! Elements by their names.

use super::Element;
pub use super::element::{el, svg};

/// Each takes its classes.
macro_rules! tags {
    ($($name:ident)+) => {
        $(
            #[doc = concat!("`<", stringify!($name), ">`")]
            pub fn $name(class: &'static str) -> Element {
                el(stringify!($name)).class(class)
            }
        )+
    };
}

tags! { a article b bdi blockquote button code dialog div em form h1 h2 h3 h4 header input kbd label li main mark nav ol p pre s section select small span
strong table tbody textarea thead time tr ul }
