//! What marks make of messages, as the server draws them.

use app::boot::{BootPage, Chat};

use super::fixture::{chat, message, render};

fn drawn(text: &str) -> String {
    let mut all: Chat = chat();
    if let Some(open) = &mut all.open {
        open.messages = vec![message(12, 4, 1, text)];
    }
    render(BootPage::Room {
        chat: all,
        at: None,
    })
}

#[test]
fn marks_become_elements() {
    for (text, expected) in [
        ("**a** *b* ~~c~~", "<strong>a</strong> <em>b</em> <s>c</s>"),
        (
            "> a\n> > b",
            "<blockquote><p dir=\"auto\">a</p><blockquote><p dir=\"auto\">b</p></blockquote></blockquote>",
        ),
        (
            "2. a\n3. b",
            "<ol class=\"list\" start=\"2\"><li><p dir=\"auto\">a</p></li><li><p dir=\"auto\">b</p></li></ol>",
        ),
        (
            "|a|\n|-:|\n|b|",
            "<table><thead><tr><th class=\"end\" dir=\"auto\">a</th></tr></thead><tbody><tr><td class=\"end\" dir=\"auto\">b</td></tr></tbody></table>",
        ),
        ("```\n\n<a>\n```", ">\n\n&lt;a&gt;</pre>"),
        ("||a||", "aria-expanded=\"false\""),
        ("||a||", "<span class=\"covered\">a</span>"),
        ("||a||", "<span class=\"told\" hidden>a</span>"),
        (
            "- [x] a",
            "<input class=\"check\" type=\"checkbox\" disabled checked",
        ),
    ] {
        let html = drawn(text);
        assert!(html.contains(expected), "{text}: {html}");
    }
}

/// No text can have elements drawn that are not made here, nor leave the element it stands in.
#[test]
fn html_is_words_in_every_place() {
    let evil = "<img src=x onerror=alert(1)>";
    for text in [
        format!("**{evil}**"),
        format!("`{evil}`"),
        format!("```{evil}\n{evil}\n```"),
        format!("|{evil}|\n|-|\n|{evil}|"),
        format!("- [x] {evil}"),
        format!("||{evil}||"),
        format!("[{evil}](https://a.example/{evil})"),
        format!("[\"{evil}](mailto:a@b.c)"),
    ] {
        assert!(!drawn(&text).contains("<img"), "{text}");
    }
}
