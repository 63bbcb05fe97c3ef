//! Chinese words of names: what can be wrong with one.

use crate::i18n::words::Wrong;

pub(super) const WRONG: Wrong = Wrong {
    name_empty: "名字里至少要有一个看得见的字符。",
    name_long: |most| format!("最多 {most} 个字符。"),
    name_unfit: "名字里不能有不可见字符或改变文字方向的字符。",
    name_letters: "名字里只能有文字、数字、空格和 . _ -，其中至少要有一个文字或数字。",
    name_reserved: "这个名字用来呼叫房间里的所有人，请换一个。",
    room_taken: "已经有一个同名的房间了。",
    topic_long: |most| format!("最多 {most} 个字符，写成一行。"),
};
