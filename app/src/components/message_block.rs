//! The blocks of a message's text.

use super::{message_code::code_block, message_words::RowText};
use crate::text::{Align, Block, Content, ListItem, Table};
use view::{Element, Part, View, tag};

impl RowText {
    /// All blocks; `last` follows the last word.
    pub(super) fn blocks_and(&mut self, blocks: &[Block], last: View) -> View {
        let mut out = Vec::new();
        if let Some((Block::Words(content), before)) = blocks.split_last() {
            out.extend(before.iter().map(|block| self.block(block)));
            out.push(self.paragraph(content).child(last).view());
        } else {
            out.extend(blocks.iter().map(|block| self.block(block)));
            if !matches!(last, View::Nothing) {
                out.push(tag::p("").child(last).view());
            }
        }
        out.view()
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<View> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: &Block) -> View {
        match block {
            Block::Words(content) => self.paragraph(content).view(),
            Block::Code { language, lines } => code_block(self.live, &self.active, language, lines),
            Block::Quote(says) => tag::blockquote("").child(self.blocks(says)).view(),
            Block::List { first, items } => self.list(*first, items),
            Block::Table(table) => self.table(table),
        }
    }

    fn paragraph(&mut self, content: &Content) -> Element {
        tag::p("").attr("dir", "auto").child(self.words(content))
    }

    fn list(&mut self, first: Option<u32>, items: &[ListItem]) -> View {
        let list = match first {
            Some(first) => tag::ol("list").attr("start", (first != 1).then(|| first.to_string())),
            None => {
                tag::ul("list").class_when("tasks", items.iter().all(|item| item.done.is_some()))
            }
        };
        let items: Vec<View> = items.iter().map(|item| self.item(item)).collect();
        list.child(items).view()
    }

    fn item(&mut self, item: &ListItem) -> View {
        let says = self.blocks(&item.says);
        let Some(done) = item.done else {
            return tag::li("").child(says).view();
        };
        let words = &self.live.ui().words.message;
        // Only what its author writes changes it.
        let state = tag::input("check")
            .attr("type", "checkbox")
            .attr("disabled", true)
            .attr("checked", done)
            .attr("aria-label", if done { words.done } else { words.to_do });
        let says = tag::div("").child(says);
        tag::li("task")
            .class_when("done", done)
            .child(state)
            .child(says)
            .view()
    }

    fn table(&mut self, table: &Table) -> View {
        let head = self.row("th", &table.columns, &table.head);
        let rows: Vec<View> = table
            .rows
            .iter()
            .map(|row| self.row("td", &table.columns, row))
            .collect();
        let body = (!rows.is_empty()).then(|| tag::tbody("").child(rows));
        tag::div("sheet")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-label", self.live.ui().words.message.table)
            .child(tag::table("").child(tag::thead("").child(head)).child(body))
            .view()
    }

    fn row(&mut self, cell: &'static str, columns: &[Align], cells: &[Content]) -> View {
        let mut row = tag::tr("");
        for (at, content) in cells.iter().enumerate() {
            let class = match columns.get(at) {
                Some(Align::End) => "end",
                Some(Align::Center) => "center",
                _ => "",
            };
            let cell = tag::el(cell).class(class).attr("dir", "auto");
            row = row.child(cell.child(self.words(content)));
        }
        row.view()
    }
}
