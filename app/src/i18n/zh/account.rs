//! Chinese words of accounts: first run, sign-in, joining, settings.

use super::around;
use crate::i18n::words::{Auth, FormWords, Settings, number};

pub(super) const AUTH: Auth = Auth {
    first_title: "你是第一位到来的人",
    first_lede: "创建所有者账号：可以邀请成员、建立房间、更改所有设置。",
    your_name: "你的名字",
    your_name_hint: "所有人都能看到，之后可以修改。",
    name: "名字",
    password: "密码",
    password_hint: |least| format!("至少 {least} 个字符，用一句话最好。"),
    show_password: "显示密码",
    setup_code: "设置码",
    setup_code_hint: "服务器启动时会把它写在日志里；在服务器本机上不需要。",
    open_doors: "开门迎客",
    first_after: "接下来你会进入 #general；用邀请链接请来下一位。",
    words_stay: "你的话只留在这台服务器上。",
    welcome_back: "欢迎回来",
    no_account: "没有账号？请向成员要一个邀请链接。",
    join_title: |server| around("加入", server, ""),
    invites_you: |name| around("", name, "邀请你"),
    invite_facts: |people, here, until| {
        format!(
            "{} 位成员，{} 位在线。链接{until}前有效。",
            number(people),
            number(here)
        )
    },
    join: "加入",
    here_before: "来过这里？",
    reset_title: "设置新密码",
    reset_for: |name| around("登录名是", name, "。"),
    reset_password: "新密码",
    reset_save: "保存并登录",
    reset_after: "之后，其他设备都会退出登录。",
};

pub(super) const SETTINGS: Settings = Settings {
    language: "语言",
    apply: "应用",
    now: "现在",
    minutes_ago: |n| format!("{n} 分钟前"),
    title: "设置",
    back: "返回房间",
    profile: "个人资料",
    look: "外观与语言",
    devices: "设备",
    people: "成员与角色",
    invites: "邀请",
    devices_lede: "你登录的地方。退出后一秒内断开；它尚未发送的内容会留在该设备上。",
    this_one: "本机",
    sign_out: "退出",
    sign_out_named: |device| around("退出", device, ""),
    sign_out_others: "退出其他所有设备",
    signed_out_others: |n| format!("已退出其他 {n} 台设备"),
    you_lede: "你的名字、界面外观和密码。",
    display_name: "你的名字",
    display_name_hint: |name| {
        let at = format!("@{name}");
        around(
            &around("所有人都能看到。登录时用", name, "，写"),
            &at,
            "可以叫到你。",
        )
    },
    save: "保存",
    saved: "已保存",
    zone: "时区",
    zone_hint: "其他人能在你的名片上看到你那里的时间。",
    zone_none: "不显示",
    zone_save: "保存时区",
    theme: "主题",
    theme_system: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    contrast: "对比度",
    contrast_system: "跟随系统",
    contrast_more: "高",
    contrast_normal: "普通",
    password_title: "密码",
    password_old: "现在的密码",
    password_new: "新密码",
    password_change: "修改密码",
    password_hint: |least| format!("至少 {least} 个字符。修改后其他设备会退出登录。"),
    password_saved: "密码已更改。你的其他设备已退出登录。",
    leave_title: "退出登录",
    leave_text: "未发送的内容会留在此设备上，等你回来。",
};

pub(super) const FORM: FormWords = FormWords {
    name_taken: |name| around("这里已经有一位", name, "了，请加点能区分的字。"),
    password_short: |least, has| format!("至少 {least} 个字符，现在只有 {has} 个。"),
    password_long: |most| format!("最多 {most} 个字符。"),
    password_old: "这不是你现在的密码。",
    password_guessed: "这是别人最先会猜的密码之一，用一句话最好。",
    setup_code: "设置码不对。服务器启动时会把它写在日志里。",
    sign_in: "名字和密码对不上，请检查后再试。",
    banned: "这个账号已被封禁。如有疑问，请联系管理员。",
    many_tries: |minutes| format!("尝试次数过多。请等 {minutes} 分钟，或向管理员要一个重置链接。"),
    invite_over: "邀请已用完或已过期，请再要一个。",
    reset_over: "这个链接已用过或已过期，请向管理员再要一个。",
    not_first: "这台服务器已经有所有者了。请登录，或者要一个邀请。",
    busy: "服务器繁忙，请稍后再试。",
};
