//! Chinese words of the connection banner.

use crate::i18n::words::{LinkWords, number};

pub(super) const LINK: LinkWords = LinkWords {
    connecting: ("正在连接……", "现在就可以阅读和输入。"),
    waiting: (
        "连接已断开。",
        |seconds| format!("{seconds} 秒后重试。"),
        "消息会先留在这里，恢复后只发送一次。",
    ),
    trying: ("正在重连……", |attempt, of| {
        format!("第 {attempt} 次，共 {of} 次。")
    }),
    quiet: (
        "仍然无法连接。",
        |seconds| format!("{seconds} 秒后再试。"),
        "我们会一直重试；你的消息都留着。",
    ),
    offline: ("你已离线。", "网络一恢复就会自动重连。"),
    restarting: ("服务器正在更新，", |seconds| {
        format!("大约 {seconds} 秒后恢复。")
    }),
    signed_out: ("已在此设备上退出登录。", |unsent| match unsent {
        0 => String::new(),
        1 => "一条未发送的消息会为你保留。".to_owned(),
        2 => "两条未发送的消息会为你保留。".to_owned(),
        n => format!("{} 条未发送的消息会为你保留。", number(n)),
    }),
    outdated: ("页面版本过旧，请刷新；", "你输入的内容会保留。"),
    banned: "你已无法访问此服务器。",
    catching_up: ("已恢复，正在补齐……", |done, total| {
        format!("{} 条中的 {} 条。", number(total), number(done))
    }),
    back: ("已恢复，", "没有丢失任何消息。"),
    try_now: "立即重试",
    reload: "刷新",
};
