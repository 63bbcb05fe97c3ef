//! Chinese words of threads.

use crate::i18n::words::{ThreadWords, number};

pub(super) const THREADS: ThreadWords = ThreadWords {
    title: "话题",
    reply: "话题",
    replies: |n| format!("{} 条回复", number(n)),
    last: |time| format!("最近 {time}"),
    in_thread: "话题中的消息",
    close: "关闭话题",
    follow: "关注",
    following: "已关注",
    field: "回复话题",
    also: |room| format!("同时发到 {room}"),
    root_gone: "首条消息已删除，话题中不能再添加内容。",
    all: "话题",
    unread: |n| format!("话题中有 {} 条未读消息", number(n)),
    none: "还没有关注的话题",
    none_more: "你发起、回复或被提到的话题会出现在这里。",
    more: "显示更多",
};
