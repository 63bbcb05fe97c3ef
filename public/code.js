// Colours code in messages. The page fetches this module when it first draws a block in a language that is known here, and calls
// `colour` whenever such a block came or went. What is found are ranges over the text that is there (CSS Custom Highlight API):
// no element is made, no text is changed. Why so: docs/decisions/0017-code-colours.md.
//
// Whatever is in a block, each of its characters is looked at a bounded number of times: a text or comment without its end goes on to the
// end of the line or the block, and is one token; what follows a word is looked at no further than AHEAD.

/** A longer block stays plain, in UTF-16 units. */
export const MAX_LENGTH = 20_000;
/** Most tokens of a block that are coloured; what follows stays plain. */
export const MAX_TOKENS = 4_000;
/** A block that takes longer, in milliseconds, is coloured as far as that. */
const BLOCK_MS = 8;
/** So often, in tokens, it is looked at the clock. */
const LOOK_EVERY = 256;
/** After so long, in milliseconds, the page has its turn before the next block. */
const TURN_MS = 12;
/** Most spaces between a word and what tells what it is. */
const AHEAD = 8;

const KINDS = ["comment", "keyword", "string", "name", "number"];

const raw = String.raw;
/** The end of the block; `$` is that of a line. */
const END = raw`(?![^])`;
const SLASHES = raw`\/\/.*|\/\*[^]*?(?:\*\/|${END})`;
const HASH = raw`#.*`;
// In a word # means nothing.
const HASH_APART = raw`(?<!\S)#.*`;
const DOUBLE = raw`"(?:\\.|[^"\\\n])*"?`;
const SINGLE = raw`'(?:\\.|[^'\\\n])*'?`;
const LONG_DOUBLE = raw`"(?:\\[^]|[^"\\])*"?`;
const LONG_SINGLE = raw`'[^']*'?`;
const LONG_TEXT = raw`(?<quote>"""|''')[^]*?(?:\k<quote>|${END})`;
const BACKTICK = raw`\u0060(?:\\[^]|[^\u0060\\])*\u0060?`;
// In "don't" it is no quote.
const APART = raw`(?<![\p{L}\p{N}])`;
const NUMBER = raw`\d(?:[eEpP][+\-](?=\d)|\.(?=\d)|\w)*`;
const WORD = raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const DASHED = raw`[\p{L}_][\p{L}\p{N}_\-]*`;

const set = (words) => new Set(words.split(" "));
const KEY = new RegExp(raw`[ \t]{0,${AHEAD}}[:=]`, "y");
const CALL = /!?\(/y;
const TYPE = /^\p{Lu}.*\p{Ll}/u;

/** Whether `what` stands in a text from a place on. */
const follows = (what, text, at) => {
  what.lastIndex = at;
  return what.test(text);
};

/** What a word is in languages with calls and types. */
const code = (words, fold = (word) => word) => {
  const known = set(words);
  return (word, text, end) => {
    if (known.has(fold(word)) || /^[#@]/.test(word)) return "keyword";
    return follows(CALL, text, end) || TYPE.test(word) ? "name" : undefined;
  };
};

/** What a word is where names stand before their values. */
const keyed = (words) => {
  const known = set(words);
  return (word, text, end) => {
    if (follows(KEY, text, end)) return "name";
    return known.has(word) || word.startsWith("@") ? "keyword" : undefined;
  };
};

const C_WORDS =
  "abstract auto bool boolean break byte case catch char class const constexpr continue default delete do double else enum explicit " +
  "export extends extern false final finally float for foreach friend goto if implements import in inline instanceof int interface internal " +
  "long namespace native new noexcept null nullptr object operator out override package private protected public readonly record ref register " +
  "return sealed short signed sizeof static string struct super switch synchronized template this throw throws true try typedef typename union " +
  "unsigned using var virtual void volatile while";
const JS_WORDS =
  "as async await break case catch class const continue debugger declare default delete do else enum export extends false finally for from " +
  "function get if implements import in instanceof interface keyof let namespace new null of private protected public readonly return satisfies " +
  "set static super switch this throw true try type typeof undefined var void while yield";
const RUST_WORDS =
  "Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self " +
  "static struct super trait true type unsafe use where while";
const PYTHON_WORDS =
  "False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda " +
  "match nonlocal not or pass raise return self try while with yield";
const GO_WORDS =
  "break case chan const continue default defer else fallthrough false for func go goto if import interface map nil package range return " +
  "select struct switch true type var";
const SH_WORDS =
  "alias case cd do done echo elif else esac eval exec exit export fi for function if in local read readonly return set shift source then trap " +
  "unset until while";
const SQL_WORDS =
  "add all alter and as asc begin between by case check column commit conflict constraint create cross default delete desc distinct do drop else " +
  "end exists explain foreign from full group having if in index inner insert into is join key left like limit not nothing null offset on or order " +
  "outer over partition primary references returning right rollback select set table then transaction trigger union unique update using values " +
  "view when where with";

/** How a family of languages is read: what begins a comment, a text, a number, a word, a name; and what a word is. */
const FAMILIES = {
  rust: {
    comment: SLASHES,
    string: raw`b?r(?<hash>#{0,8})"[^]*?(?:"\k<hash>|${END})|b?${LONG_DOUBLE}|b?'(?:\\(?:u\{[\da-fA-F_]{1,8}\}|x[\da-fA-F]{2}|[^])|[^\\'\n])'`,
    word: WORD,
    is: code(RUST_WORDS),
  },
  js: { comment: SLASHES, string: `${DOUBLE}|${SINGLE}|${BACKTICK}`, word: raw`@?${WORD}`, is: code(JS_WORDS) },
  python: {
    comment: HASH,
    string: raw`[rbfuRBFU]{0,2}(?:${LONG_TEXT}|${DOUBLE}|${SINGLE})`,
    word: raw`@?${WORD}`,
    is: code(PYTHON_WORDS),
  },
  go: { comment: SLASHES, string: `${DOUBLE}|${SINGLE}|${BACKTICK}`, word: WORD, is: code(GO_WORDS) },
  c: { comment: SLASHES, string: `${DOUBLE}|${SINGLE}`, word: raw`[#@]?${WORD}`, is: code(C_WORDS) },
  sh: {
    comment: HASH_APART,
    string: `${LONG_DOUBLE}|${APART}${LONG_SINGLE}`,
    name: raw`\$(?:\{[^}\n]*\}?|\w+|[@*#?!$])`,
    word: DASHED,
    is: code(SH_WORDS),
  },
  sql: {
    comment: raw`--.*|\/\*[^]*?(?:\*\/|${END})`,
    string: LONG_SINGLE,
    name: DOUBLE,
    word: WORD,
    is: code(SQL_WORDS, (word) => word.toLowerCase()),
  },
  json: { comment: SLASHES, string: DOUBLE, word: WORD, is: keyed("true false null") },
  toml: { comment: HASH_APART, string: `${LONG_TEXT}|${DOUBLE}|${APART}${SINGLE}`, word: DASHED, is: keyed("true false") },
  yaml: { comment: HASH_APART, string: `${DOUBLE}|${APART}${SINGLE}`, word: DASHED, is: keyed("true false null yes no on off") },
  css: {
    comment: raw`\/\*[^]*?(?:\*\/|${END})`,
    string: `${DOUBLE}|${SINGLE}`,
    number: raw`#[\da-fA-F]{3,8}(?![\w\-])|${NUMBER}`,
    word: raw`[@\-]{0,2}${DASHED}`,
    is: keyed("!important"),
  },
  html: {
    comment: raw`<!--[^]*?(?:-->|${END})`,
    number: raw`&#?\w{1,31};`,
    tag: raw`<[\/!?]?\p{L}[^<>]*>?`,
  },
  diff: { comment: raw`^(?:diff|index|---|\+\+\+) .*`, keyword: raw`^@@.*`, string: raw`^\+.*`, number: raw`^-.*` },
};

/** Within a tag: its name, names of attributes, and their values. */
const TAG = {
  string: raw`"[^"]*"?|'[^']*'?`,
  word: raw`[\p{L}_][\p{L}\p{N}_:.\-]*`,
  is: (_, text, end, first) => (first ? "keyword" : follows(KEY, text, end) ? "name" : undefined),
};

/** What finds the next token of a family; made when it is first needed. */
const finder = (family) => {
  if (!family.find) {
    const parts = { ...family, number: family.number ?? (family.word && NUMBER) };
    const found = [...KINDS, "word", "tag"].filter((kind) => parts[kind]);
    family.find = new RegExp(found.map((kind) => `(?<${kind}>${parts[kind]})`).join("|"), "gmu");
  }
  return family.find;
};

/** The tokens of a text, in their order, none over another: `[kind, from, to]`. */
export function* tokens(text, family, from = 0) {
  let first = true;
  for (const match of text.matchAll(finder(family))) {
    const [found] = match;
    const [at, end] = [match.index, match.index + found.length];
    const groups = match.groups;
    if (groups.tag !== undefined) {
      yield* tokens(found, TAG, from + at);
      continue;
    }
    let kind = KINDS.find((kind) => groups[kind] !== undefined) ?? family.is(found, text, end, first);
    // The name of a value, where texts are names too.
    if (kind === "string" && family === FAMILIES.json && follows(KEY, text, end)) kind = "name";
    first = false;
    if (kind) yield [kind, from + at, from + end];
  }
}

/** The tokens of a text in a language's family, as many as there is time for. */
export const read = (text, name, now = () => performance.now()) => {
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  const all = [];
  if (!family || text.length > MAX_LENGTH) return all;
  const until = now() + BLOCK_MS;
  for (const token of tokens(text, family)) {
    all.push(token);
    if (all.length === MAX_TOKENS || (all.length % LOOK_EVERY === 0 && now() > until)) break;
  }
  return all;
};

/** The blocks that are coloured, each with its ranges by kind: they go when it does. */
const coloured = new Map();
const highlight = (kind) => {
  const name = `code-${kind}`;
  if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
  return CSS.highlights.get(name);
};

const forget = () => {
  for (const [block, ranges] of coloured) {
    if (block.isConnected) continue;
    for (const [kind, range] of ranges) highlight(kind).delete(range);
    coloured.delete(block);
  }
};

const paint = (block) => {
  const [text, more] = block.childNodes;
  const plain = more || text?.nodeType !== Node.TEXT_NODE;
  // Ranges that follow no change: the text of a block stays what it is, and the document changes with each message.
  const range = ([kind, startOffset, endOffset]) => [kind, new StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset })];
  const ranges = plain ? [] : read(text.data, block.dataset.code).map(range);
  for (const [kind, one] of ranges) highlight(kind).add(one);
  coloured.set(block, ranges);
};

let waiting = 0;

const work = () => {
  waiting = 0;
  forget();
  const until = performance.now() + TURN_MS;
  for (const block of document.querySelectorAll("pre[data-code]")) {
    if (coloured.has(block)) continue;
    if (performance.now() > until) return colour();
    paint(block);
  }
};

/** Blocks came or went: soon those that are there are coloured. A browser without highlights shows them plain. */
export const colour = () => {
  if (globalThis.CSS?.highlights) waiting ||= setTimeout(work);
};
