//! The shape of messages.

use text::{Align, Block, Content, Inline, ListItem, Style, calls, parse, readable};

/// Blocks as a short text: `b()` strong, `i()` emphasis, `s()` strike, `h()` hidden, `c()` code, `l(label|to)` a link.
pub(crate) fn seen(text: &str) -> String {
    blocks(&parse(text))
}

fn blocks(all: &[Block]) -> String {
    all.iter().map(block).collect::<Vec<_>>().join(" / ")
}

fn block(block: &Block) -> String {
    match block {
        Block::Words(content) => words(content),
        Block::Code { language, lines } => format!("code[{language}]({lines})"),
        Block::Quote(says) => format!("quote({})", blocks(says)),
        Block::List { first, items } => {
            let item = |item: &ListItem| {
                let done = item.done.map_or("", |done| if done { "x:" } else { "o:" });
                format!("{done}{}", blocks(&item.says))
            };
            let first = first.map(|first| first.to_string()).unwrap_or_default();
            format!(
                "list{first}({})",
                items.iter().map(item).collect::<Vec<_>>().join("; ")
            )
        }
        Block::Table(table) => {
            let row = |row: &Vec<Content>| row.iter().map(words).collect::<Vec<_>>().join("; ");
            let rows = [&table.head].into_iter().chain(&table.rows);
            format!("table({})", rows.map(row).collect::<Vec<_>>().join(" / "))
        }
    }
}

fn words(content: &Content) -> String {
    nodes(content, content.inlines())
}

fn nodes(content: &Content, all: &[Inline]) -> String {
    let node = |node: &Inline| match node {
        Inline::Words(at) => content.says(at).to_owned(),
        Inline::Code(at) => format!("c({})", content.says(at)),
        Inline::Link { to, label } => format!("l({}|{})", nodes(content, label), content.says(to)),
        Inline::Marked(style, inside) => {
            let name = match style {
                Style::Strong => 'b',
                Style::Emphasis => 'i',
                Style::Strike => 's',
                Style::Spoiler => 'h',
            };
            format!("{name}({})", nodes(content, inside))
        }
    };
    all.iter().map(node).collect()
}

fn are_seen(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(&seen(text), expected, "{text:?}");
    }
}

#[test]
fn marks_in_words() {
    are_seen(&[
        ("**a** *b* _c_ __d__ ~~e~~", "b(a) i(b) i(c) b(d) s(e)"),
        ("***a***", "i(b(a))"),
        ("**a *b* c**", "b(a i(b) c)"),
        ("*a**b*", "i(a**b)"),
        ("*a **b* c**", "i(a i(i(b) c))"),
        ("snake_case_name __init__.py", "snake_case_name b(init).py"),
        ("2 * 3 * 4, a*b*c", "2 * 3 * 4, ai(b)c"),
        ("好的~ 谢谢~", "好的~ 谢谢~"),
        ("||x|| a || b || c, ||||", "h(x) a || b || c, ||||"),
        ("||**a** `b`||", "h(b(a) c(b))"),
        ("**a `**` b**", "b(a c(**) b)"),
        ("`` a`b `` ` ` `", "c(a`b) c( ) `"),
        (r"\*a\* \`b\` \\ \a \@ada C:\x", r"*a* `b` \ \a \@ada C:\x"),
        ("**a\nb**", "b(a\nb)"),
        ("**a\n\nb**", "**a / b**"),
        ("**", "**"),
        ("*️⃣ a *️⃣", "*️⃣ a *️⃣"),
    ]);
}

#[test]
fn marks_beside_wide_punctuation() {
    are_seen(&[
        ("**重点：**请看", "b(重点：)请看"),
        ("请看**“重点”**这里", "请看b(“重点”)这里"),
        ("这是**《书名》**的", "这是b(《书名》)的"),
        ("*（注）*以及~~旧的。~~新的", "i(（注）)以及s(旧的。)新的"),
        ("**テスト。**テスト", "b(テスト。)テスト"),
        ("**안녕(hello)**은", "b(안녕(hello))은"),
        ("答案是||接头进水。||对吗", "答案是h(接头进水。)对吗"),
        ("a**\"b\"**c", "a**\"b\"**c"),
        ("**a：**b**c**", "b(a：)bb(c)"),
    ]);
}

#[test]
fn links() {
    are_seen(&[
        (
            "[a **b**](https://x.example/(y))!",
            "l(a b(b)|https://x.example/(y))!",
        ),
        ("[m](mailto:ada@x.example)", "l(m|mailto:ada@x.example)"),
        ("![alt](https://x.example)", "!l(alt|https://x.example)"),
        (
            "[[a](https://x.example)](https://y.example)",
            "[l(a|https://x.example)](https://y.example)",
        ),
        (
            "*a [b*](https://x.example)*",
            "i(a l(b*|https://x.example))",
        ),
        ("**https://x.example/a_b_c**", "b(https://x.example/a_b_c)"),
        (
            "[https://x.example](https://x.example)",
            "l(https://x.example|https://x.example)",
        ),
    ]);
    for typed in [
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](/rooms/1)",
        "[a](https://x.example \"t\")",
        "[a](https://ada@x.example)",
        "[](https://x.example)",
        "[https://good.example](https://evil.example)",
        "[a]",
        "[a][b]",
        "[a]: https://x.example",
        "[^1]",
        "a]b[",
        "[a] (https://x.example)",
    ] {
        assert_eq!(seen(typed), typed);
    }
}

#[test]
fn what_is_no_mark_stays_as_typed() {
    for typed in [
        "# x",
        "## x ##",
        "x\n===",
        "x\n---",
        "---",
        "* * *",
        "    code",
        "<b>x</b>",
        "<script>",
        "&amp; &copy;",
        "- ",
        "-",
        "1.",
        ">_<",
        ">",
        ">= 5",
        "a\n2. b",
        "-a",
        "1234567890. a",
        "a | b",
        "|-|",
        "a | b\n--- | --- | ---",
    ] {
        assert_eq!(seen(typed), typed);
    }
}

#[test]
fn quotes_and_lists() {
    are_seen(&[
        ("> a\n> b\nc", "quote(a\nb) / c"),
        ("a\n> b\n>\n> c", "a / quote(b / c)"),
        ("> > a\n> b", "quote(quote(a) / b)"),
        ("> - a\n> - b", "quote(list(a; b))"),
        ("- a\n- b\nc", "list(a; b) / c"),
        ("a\n- b\n\n- c\n\nd", "a / list(b; c) / d"),
        ("- a\n* b", "list(a) / list(b)"),
        (
            "3. a\n4. b\n   - c\n   - d\n5. e",
            "list3(a; b / list(c; d); e)",
        ),
        ("1) a\n\n   b", "list1(a / b)"),
        ("- a\n  b", "list(a\nb)"),
        (
            "- [x] a\n- [ ] b **c**\n- [y] d",
            "list(x:a; o:b b(c); [y] d)",
        ),
        ("- ```sh\n  ls\n  ```\n- b", "list(code[sh](ls); b)"),
        ("> ```\n> a\nb", "quote(code[](a)) / b"),
        ("- - a", "list(list(a))"),
        ("a\r\n- b\r\n", "a / list(b)"),
    ]);
}

#[test]
fn tables() {
    are_seen(&[
        (
            "| a | b |\n|---|--:|\n| c | **d** |\ne",
            "table(a; b / c; b(d)) / e",
        ),
        (
            "x\na | b\n:-: | -\nc\\|d | `e\\|f` | g",
            "x / table(a; b / c|d; c(e|f); g)",
        ),
    ]);
    are_seen(&[(
        "|a|b|\n|-|-|\n|c||\n|d|||\n|e|f|g|",
        "table(a; b / c;  / d;  / e; f; g)",
    )]);
    let Some(Block::Table(table)) = parse("|a|b|c|\n|:-|:-:|-:|").into_iter().next() else {
        panic!("no table");
    };
    assert_eq!(table.columns, [Align::Start, Align::Center, Align::End]);
}

#[test]
fn a_call_is_where_it_was_typed() {
    let text = "> hi @ada\n> - x **@wren**\n\n|a|b|\n|-|-|\n|\\||@lin|";
    let found: Vec<&str> = calls(text)
        .iter()
        .map(|call| &text[call.start()..][..3])
        .collect();
    assert_eq!(found, ["@ad", "@wr", "@li"]);
}

#[test]
fn one_line_has_no_marks_and_tells_nothing_hidden() {
    let line = readable("> **a** `b`\n- [c](https://x.example) ||secret||\n\n```\nd\n```");
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["a", "b", "c", "▒▒▒", "d"]
    );
}
