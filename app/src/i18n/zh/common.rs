//! Chinese words that are said at many places.

use crate::i18n::words::Common;

pub(super) const COMMON: Common = Common {
    close: "关闭",
    cancel: "取消",
    try_again: "重试",
    undo: "撤消",
    sign_in: "登录",
    online: "在线",
    away: "离开",
    offline: "离线",
    not_connected: "未连接",
    owner: "所有者",
    admin: "管理员",
    moderator: "协管员",
    failed: "没有成功，内容没有改变，请重试。",
    broken: "页面出了问题，已停止运行。你输入的内容都留着，请刷新页面。",
    broken_unkept: "页面出了问题，已停止运行。请先复制你输入的内容，再刷新页面。",
    needs_scripts: "发言需要 JavaScript；阅读、加入和登录不需要。",
    too_old: "此浏览器版本过旧，无法在这里发言；阅读、加入和登录仍可使用。请更新：Chrome 123、Firefox 125、Safari 17.5 或更新的版本即可。",
    missing_title: "这里什么也没有",
    missing: "页面已不存在，或者你无权查看。",
    trouble_title: "服务器暂时无法显示此页面",
    trouble: "内容没有改变，请稍后再试。",
    foreign_title: "这个请求不是从这里发出的",
    foreign: |from, own| {
        format!(
            "表单来自 {from}，而服务器认为自己的地址是 {own}。内容没有改变。如果服务器由你管理：请让前面的代理转发 Host 头\
             （nginx：proxy_set_header Host $http_host），或把 HUBBUB_PUBLIC_URL 设为大家访问的地址。"
        )
    },
    foreign_nowhere: "浏览器没有说明的地址",
    to_rooms: "回到房间",
    dot: " · ",
    comma: "、",
    space: "",
};
