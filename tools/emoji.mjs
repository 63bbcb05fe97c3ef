// Writes public/emoji.txt, the table of emoji that the page fetches when it first needs one: all of Unicode's list with names and keywords in
// English and Chinese, from emojibase-data (its names and keywords are CLDR's). `tools/emoji` calls it with the folder of that package.
//
// A line is one of
//   `# …`                   a comment
//   `~emoji\ten\tzh`        a skin tone: a hand in it, and its name
//   `=emoji\ten\tzh`        a group begins: what stands for it, and its name. The first one is what is often used; what is in it comes again
//   `emoji\ttoned\tcodes\ten\tzh\twords`   an emoji: as Unicode qualifies it; in the lightest tone where it takes one; short codes, the usual
//                           one first; its names, and more words to find it by, with commas between
// All of it is in small letters.

import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(`${from}/${name}`, 'utf8'));
const version = read('package.json').version;
const licence = readFileSync(`${from}/LICENSE`, 'utf8').trim();
const [en, zh] = [read('en/compact.json'), read('zh/compact.json')];
const [github, own] = [read('en/shortcodes/github.json'), read('en/shortcodes/emojibase.json')];
const chinese = new Map(zh.map((one) => [one.hexcode, one]));

/** Groups of the picker: those of Unicode that are in each. */
const GROUPS = [
  ['🙂', 'faces', '表情', [0]],
  ['👋', 'people', '人物', [1]],
  ['🌿', 'nature', '自然', [3]],
  ['🍜', 'food', '食物', [4]],
  ['✈️', 'travel', '旅行', [5]],
  ['🎸', 'things', '物品', [6, 7]],
  ['🔣', 'symbols', '符号', [8]],
  ['🏁', 'flags', '旗帜', [9]],
];
const TONES = [
  ['✋', 'no skin tone', '默认肤色'],
  ['✋🏻', 'light skin tone', '浅肤色'],
  ['✋🏼', 'medium-light skin tone', '中浅肤色'],
  ['✋🏽', 'medium skin tone', '中等肤色'],
  ['✋🏾', 'medium-dark skin tone', '中深肤色'],
  ['✋🏿', 'dark skin tone', '深肤色'],
];
/** What people react with most, until they have chosen others. */
const OFTEN = '👍 👎 ❤️ 🎉 😂 😮 😢 🙏 👏 🔥 👀 ✅ ❌ 💯 🚀 🤔 😊 😅 😍 😎 🥳 😭 👋 👌 🤝 💪 🙌'.split(' ');

/** As Unicode qualifies it: with U+FE0F behind what is not drawn as a picture by itself, and behind nothing else. */
const qualified = (emoji) => emoji.replace(/(\p{Emoji_Presentation})\ufe0f/gu, '$1');
const clean = (text) => text.toLowerCase().replace(/[\t\n,]/g, ' ').trim();
const list = (codes) => (codes === undefined ? [] : [codes].flat());
const lines = new Map();
for (const one of en) {
  const { hexcode, label, tags = [], skins = [] } = one;
  const emoji = qualified(one.unicode);
  const other = chinese.get(hexcode);
  const name = clean(label).replace(/[^a-z0-9]+/g, '_');
  const codes = [...new Set([...list(github[hexcode]), ...list(own[hexcode])])].filter((code, at) => at === 0 || code !== name);
  const light = skins.find((skin) => skin.unicode.includes('🏻') && !/[🏼🏽🏾🏿]/u.test(skin.unicode));
  const names = [clean(label), clean(other.label)];
  // What the names and codes say already is not said again.
  const said = [...names, ...codes].join(' ');
  const words = [...tags, ...(other.tags ?? [])].map(clean).filter((word) => !said.includes(word));
  lines.set(emoji, [emoji, qualified(light?.unicode ?? ''), codes.join(' '), ...names, [...new Set(words)].join(',')].join('\t'));
}
const often = OFTEN.map((emoji) => lines.get(emoji) ?? fail(`${emoji} is not in the list`));
const out = [
  `Made by tools/emoji from emojibase-data ${version}; names and keywords are those of Unicode's CLDR (Unicode License v3).`,
  ...licence.split('\n'),
].map((line) => `# ${line}`.trim());
out.push(...TONES.map((tone) => `~${tone.join('\t')}`), '=🕘\toften used\t常用', ...often);
for (const [emoji, english, chineseName, groups] of GROUPS) {
  const within = en.filter((one) => groups.includes(one.group)).sort((one, two) => one.order - two.order);
  out.push(`=${emoji}\t${english}\t${chineseName}`, ...within.map((one) => lines.get(qualified(one.unicode))));
}
writeFileSync(to, `${out.join('\n')}\n`);

function fail(why) {
  throw new Error(why);
}
