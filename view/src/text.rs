//! As HTML.

use super::{
    View,
    attribute::{Attribute, Toggle},
    element::ElementParts,
};

/// Elements without an end.
const VOID: [&str; 5] = ["br", "hr", "input", "link", "meta"];

/// What stands before, for the marks that taking over needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// A text: another one needs a mark between.
    Text,
    /// Anything else.
    Other,
}

impl View {
    /// Writes it where no text stands before.
    pub fn html(self, out: &mut String) {
        self.write(out, &mut Before::Other);
    }

    /// Writes it. `before` is what stands before it, and then what stands before whatever follows.
    pub(super) fn write(self, out: &mut String, before: &mut Before) {
        match self {
            Self::Nothing => {}
            Self::Text(text) => {
                if *before == Before::Text {
                    out.push_str("<!>");
                }
                escape(&text, false, out);
                *before = Before::Text;
            }
            Self::Element(element) => {
                element.0.write(out);
                *before = Before::Other;
            }
            Self::Many(views) => views.into_iter().for_each(|view| view.write(out, before)),
            Self::Dynamic(mut draw) => {
                draw().write(out, before);
                end(out, before);
            }
            Self::Each(mut items) => {
                for item in items() {
                    (item.draw)().write(out, before);
                }
                end(out, before);
            }
        }
    }
}

/// Where something that may change ends.
fn end(out: &mut String, before: &mut Before) {
    out.push_str("<!>");
    *before = Before::Other;
}

impl ElementParts {
    fn write(self, out: &mut String) {
        out.push('<');
        out.push_str(self.tag);
        let before_class = out.len();
        out.push_str(" class=\"");
        let class = out.len();
        out.push_str(self.class);
        for (name, toggle) in self.toggles {
            let on = match toggle {
                Toggle::Fixed(on) => on,
                Toggle::Dynamic(mut when) => when(),
            };
            if on {
                out.push_str(if out.len() == class { "" } else { " " });
                out.push_str(name);
            }
        }
        if out.len() == class {
            out.truncate(before_class);
        } else {
            out.push('"');
        }
        for (name, value) in self.attributes {
            let value = match value {
                Attribute::Fixed(value) => value,
                Attribute::Dynamic(mut value) => value(),
            };
            if let Some(value) = value {
                attribute(name, &value, out);
            }
        }
        if self.checked.is_some_and(|mut when| when()) {
            attribute("checked", "", out);
        }
        out.push('>');
        if VOID.contains(&self.tag) {
            return;
        }
        if self.tag == "pre" {
            // A parser drops the line break that a `pre` begins with: this one, and not the first of the code.
            out.push('\n');
        }
        if let Some(markup) = self.html {
            out.push_str(&markup);
        } else {
            let mut before = Before::Other;
            self.children
                .into_iter()
                .for_each(|child| child.write(out, &mut before));
        }
        out.push_str("</");
        out.push_str(self.tag);
        out.push('>');
    }
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    if value.is_empty() {
        return;
    }
    out.push_str("=\"");
    escape(value, true, out);
    out.push('"');
}

/// Writes words, piece by piece between the few characters that mean something. All of those are ASCII, so that bytes are looked at.
fn escape(text: &str, quoted: bool, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if quoted => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{
        Part, each, many,
        tag::{div, el, input, span, svg},
    };
    use super::*;

    fn html(part: impl Part) -> String {
        let mut out = String::new();
        part.view().write(&mut out, &mut Before::Other);
        out
    }

    #[test]
    fn a_pre_keeps_its_first_line_break() {
        assert_eq!(html(el("pre").child("\na")), "<pre>\n\na</pre>");
    }

    #[test]
    fn elements_and_attributes() {
        let field = input("a")
            .class_when("b", true)
            .class_when("c", false)
            .attr("required", true)
            .attr("lang", None::<String>);
        assert_eq!(
            html(field.attr("value", "\"<&>")),
            r#"<input class="a b" required value="&quot;&lt;&amp;&gt;">"#
        );
        assert_eq!(html(svg("path").attr("d", "M1")), r#"<path d="M1"></path>"#);
        assert_eq!(html(el("textarea")), "<textarea></textarea>");
    }

    #[test]
    fn words_are_never_markup() {
        assert_eq!(
            html(div("").child("<script>&\"".to_owned())),
            "<div>&lt;script&gt;&amp;\"</div>"
        );
    }

    #[test]
    fn what_may_change_has_its_end() {
        assert_eq!(html(many().child("a").child("b").child("")), "a<!>b");
        assert_eq!(
            html(span("").child("a").child(|| "b").child("c")),
            "<span>a<!>b<!>c</span>"
        );
        assert_eq!(html(many().child(|| None::<String>).child("x")), "<!>x");
        assert_eq!(
            html(each(|| vec![1, 2], |n| *n, |n| n.to_string())),
            "1<!>2<!>"
        );
        assert_eq!(
            html(div("").child(Some(span("x")))),
            r#"<div><span class="x"></span></div>"#
        );
    }

    /// A view without what does not matter here: texts, marks and how they are nested.
    #[derive(Clone, Debug)]
    enum Shape {
        Text(String),
        Element(Vec<Shape>),
        Many(Vec<Shape>),
        Dynamic(Vec<Shape>),
        Each(Vec<Shape>),
    }

    impl Part for Shape {
        fn view(self) -> View {
            match self {
                Self::Text(text) => text.view(),
                Self::Element(inside) => span("").child(inside).view(),
                Self::Many(inside) => inside.view(),
                Self::Dynamic(inside) => (move || inside.clone()).view(),
                Self::Each(inside) => each(
                    move || inside.iter().cloned().enumerate().collect(),
                    |(at, _)| *at,
                    |(_, one)| one,
                ),
            }
        }
    }

    fn shape() -> impl Strategy<Value = Shape> {
        let text = "[a<&]{0,2}".prop_map(Shape::Text);
        text.prop_recursive(4, 40, 5, |inner| {
            let inside = || proptest::collection::vec(inner.clone(), 0..5);
            prop_oneof![
                inside().prop_map(Shape::Element),
                inside().prop_map(Shape::Many),
                inside().prop_map(Shape::Dynamic),
                inside().prop_map(Shape::Each),
            ]
        })
    }

    /// The nodes that the walk steps over, in order: texts, starts and ends of elements, ends of what may change.
    fn walk(shape: &Shape, nodes: &mut Vec<String>) {
        let (first, inside, last) = match shape {
            Shape::Text(text) if text.is_empty() => return,
            Shape::Text(text) => return nodes.push(text.clone()),
            Shape::Element(inside) => (Some("<span>"), inside, Some("</span>")),
            Shape::Many(inside) => (None, inside, None),
            Shape::Dynamic(inside) | Shape::Each(inside) => (None, inside, Some("<!>")),
        };
        nodes.extend(first.map(str::to_owned));
        for one in inside {
            walk(one, nodes);
        }
        nodes.extend(last.map(str::to_owned));
    }

    /// The nodes that a browser makes of it.
    fn parse(html: &str) -> Vec<String> {
        let mut nodes = Vec::new();
        let mut rest = html;
        while !rest.is_empty() {
            let end = if rest.starts_with('<') {
                rest.find('>').map_or(rest.len(), |at| at + 1)
            } else {
                rest.find('<').unwrap_or(rest.len())
            };
            let (node, after) = rest.split_at(end);
            nodes.push(node.replace("&lt;", "<").replace("&amp;", "&"));
            rest = after;
        }
        nodes
    }

    proptest! {
        /// Between two texts there is a mark, and only there: so the walk finds each text as a node of its own.
        #[test]
        fn the_browser_makes_the_nodes_that_the_walk_expects(shape in shape()) {
            let (mut nodes, mut expected) = (Vec::new(), Vec::new());
            walk(&shape, &mut nodes);
            for node in nodes {
                let is_text = |node: &String| !["<span>", "</span>", "<!>"].contains(&node.as_str());
                if is_text(&node) && expected.last().is_some_and(is_text) {
                    expected.push("<!>".to_owned());
                }
                expected.push(node);
            }
            prop_assert_eq!(parse(&html(shape)), expected);
        }
    }
}
