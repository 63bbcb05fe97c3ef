// Measures every pair of tokens that meets on the page, in light, dark and high contrast (WCAG 2.2: text 4.5, parts of the UI 3).
// node style/contrast.mjs          fails (exit 1) if a pair is too weak
// node style/contrast.mjs --table  also prints a table
import { readFileSync } from "node:fs";
const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const pairs = (text) => Object.fromEntries([...text.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((m) => [m[1], [m[2], m[3]]]));
const [usual, more] = css.split('[data-contrast="more"] {');
const base = pairs(usual.split("@media (prefers-contrast")[0]), high = { ...base, ...pairs(more) };
const modes = { light: (k) => base[k][0], dark: (k) => base[k][1], "light+": (k) => high[k][0], "dark+": (k) => high[k][1] };
const luminance = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

const flat = ["ground", "paper", "raised", "sunken", "hover"], washes = ["pine-wash", "voice-wash", "alarm-wash"];
const rules = [
  ["ink", [...flat, ...washes], 4.5], ["ink-2", [...flat, ...washes], 4.5], ["ink-3", [...flat, ...washes], 4.5],
  ["pine", [...flat, "pine-wash", "voice-wash"], 4.5], ["on-pine", ["pine-fill"], 4.5], ["pine-fill", ["ground", "paper", "raised"], 3],
  ["voice-ink", [...flat, "voice-wash"], 4.5], ["on-voice", ["voice"], 4.5], ["voice-edge", ["ground", "paper", "raised", "voice-wash"], 3],
  ["alarm", [...flat, "alarm-wash"], 4.5], ["on-alarm", ["alarm-fill"], 4.5], ["alarm-fill", ["paper", "raised"], 3],
  ["edge", flat, 3], ["focus", [...flat, ...washes], 3], ["here", ["ground", "paper", "raised", "hover"], 3],
  ["on-banner", ["banner"], 4.5], ["on-banner-2", ["banner"], 4.5],
  ...[1, 2, 3, 4].map((n) => [`code-${n}`, ["sunken"], 4.5]), ...[1, 2, 3].map((n) => [`plot-${n}`, ["paper", "raised"], 3]),
  ...Array.from({ length: 10 }, (_, n) => [`on-avatar-${n}`, [`avatar-${n}`], 4.5]),
];
let weak = 0;
for (const [ink, grounds, least] of rules) {
  const row = Object.entries(modes).map(([mode, of]) => {
    const [worst, on] = grounds.map((g) => [ratio(of(ink), of(g)), g]).sort((a, b) => a[0] - b[0])[0];
    if (worst < least) { weak++; console.error(`${mode}: --${ink} on --${on} is ${worst.toFixed(2)}, needs ${least}`); }
    return `${worst.toFixed(2)} ${on}`;
  });
  if (process.argv.includes("--table")) console.log(`| --${ink} | ${least} | ${row.join(" | ")} |`);
}
console.log(weak ? `${weak} too weak` : `${rules.length} inks in ${Object.keys(modes).length} modes: all strong enough`);
process.exit(weak ? 1 : 0);
