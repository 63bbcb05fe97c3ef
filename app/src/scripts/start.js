// Starts the module, and tells when it cannot be started or has stopped: by then nothing else of the page can.
const roomOf = (path) => /^\/rooms\/(\d+)/.exec(path)?.[1];
const threadOf = (path) => /\/thread\/(\d+)/.exec(path)?.[1];
// Where one writes: in the room, and in the thread beside it.
const FIELDS = ["composer", "thread-composer"];
const written = () => FIELDS.map((id) => document.getElementById(id)).filter((field) => field?.value);

// The name of this page among those of the browser: its tab's, so that a reload takes up what it left. The page holds the lock
// of that name as long as it lives, so that others know. A copied tab finds the lock taken, and gets a name of its own.
const PAGE = "hubbub-page";
const LEFT = "hubbub-left";
const hold = (name, options) =>
  new Promise((told) => {
    // Without locks (they need a secure context) a tab that was left well is the same again.
    if (!navigator.locks) return told(!options.ifAvailable);
    const held = (lock) => {
      told(!!lock);
      return lock && new Promise(() => {});
    };
    navigator.locks.request(`hubbub-page-${name}`, options, held).catch(() => told(false));
  });
const claim = async () => {
  const before = keeps(() => sessionStorage[PAGE]);
  // The page before may hold its lock for a moment still; what did not leave crashed, or lives in the tab that this one copies.
  const left = before === keeps(() => sessionStorage[LEFT]);
  const again = before && (await hold(before, left ? { signal: AbortSignal.timeout(1000) } : { ifAvailable: true }));
  const name = again ? before : fresh();
  if (!again) await hold(name, {});
  keeps(() => (sessionStorage[PAGE] = name));
  keeps(() => sessionStorage.removeItem(LEFT));
  addEventListener("pagehide", () => {
    // Where the next sign-in leads.
    const room = roomOf(location.pathname);
    if (room) cookie("hubbub_room", room);
    keeps(() => (sessionStorage[LEFT] = name));
    // Other pages hear of it, and look whether it left something.
    keeps(() => (localStorage[LEFT] = `${name} ${Date.now()}`));
  });
  addEventListener("pageshow", () => keeps(() => sessionStorage.removeItem(LEFT)));
  return name;
};
const name = claim();

// What is typed goes into the journal of this page (frontend/src/journal.rs), where the page after it finds it.
const keepDraft = () => {
  const path = location.pathname;
  const room = roomOf(path);
  if (!room || !written().length) return true;
  return keeps(() => {
    const user = JSON.parse(document.getElementById("boot").textContent).me.id;
    const page = (sessionStorage["hubbub-page"] ||= fresh());
    for (const { id, value: text } of written()) {
      const thread = id === "composer" ? 0 : threadOf(path);
      const key = thread ? `${room}.${thread}` : room;
      localStorage[`hubbub-journal/${user}/${page}/drafts/${key}`] = JSON.stringify({ room: +room, thread: +thread, text, at: Date.now() });
    }
    return true;
  });
};

// Code is coloured by a module of its own (public/code.js), fetched when there first is some. Without it, it is plain.
document.addEventListener("hubbub-code", () => import(code).then((module) => module.colour(), () => {}));

let broken = false;
const tell = () => {
  if (broken) return;
  broken = true;
  root.dataset.broken = "";
  delete root.dataset.alive;
  document.querySelector("dialog:modal")?.close();
  const bar = document.createElement("div");
  const words = document.createElement("p");
  const reload = document.createElement("button");
  bar.className = "broken";
  bar.role = "alert";
  words.textContent = keepDraft() ? says.broken : says.unkept;
  reload.className = "btn";
  reload.type = "button";
  reload.textContent = says.reload;
  reload.addEventListener("click", () => location.reload());
  bar.append(words, reload);
  document.body.append(bar);
  // Nothing reaches what has stopped; fields take letters, and links lead on, as without scripts.
  const stop = (event) => {
    if (bar.contains(event.target)) return;
    event.stopImmediatePropagation();
    if (event.type === "submit") event.preventDefault();
    if (event.type === "input") words.textContent = keepDraft() ? says.broken : says.unkept;
  };
  for (const type of ["click", "close", "focusin", "input", "keydown", "pointerdown", "scroll", "submit", "visibilitychange"]) {
    addEventListener(type, stop, true);
  }
  // The module may still write what it knew when it stopped: the field has the last word.
  addEventListener("pagehide", keepDraft);
};
// A panic says so itself; a trap (no memory, no stack) and an exception thrown through the module are seen here.
const through = (error) => error instanceof WebAssembly.RuntimeError || /\.wasm|wasm-function/.test(error?.stack);
document.addEventListener("hubbub-panic", tell);
addEventListener("error", ({ error }) => through(error) && tell());
addEventListener("unhandledrejection", ({ reason }) => through(reason) && tell());

// The last button or form that is used before the page is alive is kept, and used once it is. Enter in the composer uses its form.
const EARLY = { click: "button[type=button]:not([data-shows])", submit: "form.js-only", keydown: "form.js-only" };
const sends = ({ target, key, shiftKey, ctrlKey, metaKey, altKey, isComposing, keyCode }) =>
  FIELDS.includes(target.id) && key === "Enter" && !(shiftKey || ctrlKey || metaKey || altKey || isComposing || keyCode === 229);
let early;
const keep = (event) => {
  if (event.type === "keydown" && !sends(event)) return;
  const used = event.target.closest(EARLY[event.type]);
  if (used) {
    event.preventDefault();
    event.stopPropagation();
    early = { used, of: EARLY[event.type], field: event.type === "keydown" && event.target.id, said: event.target.value };
  }
};
const ready = () => Object.keys(EARLY).forEach((type) => root.removeEventListener(type, keep, true));
Object.keys(EARLY).forEach((type) => root.addEventListener(type, keep, true));
// How long a page may take to go once its loading is cut off.
const LEAVING_MS = 1000;
try {
  const module = await import(js);
  await module.default({ module_or_path: wasm });
  // The page may be drawn anew: the same one stands at the same place then.
  const places = () => [...document.querySelectorAll(early.of)];
  if (early) early.at = places().indexOf(early.used);
  await module.hydrate(await name);
  ready();
  root.dataset.alive = "";
  // Who typed on after Enter has not said all yet.
  if (early && (!early.field || early.said === document.getElementById(early.field)?.value)) {
    const used = early.used.isConnected ? early.used : places()[early.at];
    if (used?.requestSubmit) used.requestSubmit();
    else used?.click();
  }
} catch (error) {
  ready();
  // What a page that is being left still loads is cut off, and its timers are too: it gets no further than this.
  await new Promise((later) => setTimeout(later, LEAVING_MS));
  tell();
  throw error;
}
