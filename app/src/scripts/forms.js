// On every page, before and without the module: what makes classic forms pleasant, and cookies for the server.
const root = document.documentElement;
root.dataset.js = "";

// For the next page that the server draws: the zone, the clock's hours, and the device that a sign-in is of.
const keeps = (what) => {
  try {
    return what();
  } catch {
    // Storage is forbidden: what it would keep is good for this page.
  }
};
const device = keeps(() => localStorage.getItem("hubbub-device"));
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
const known = /^.{16,64}$/.test(device ?? "") ? device : fresh();
keeps(() => localStorage.setItem("hubbub-device", known));
const cookie = (name, value) => {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
};
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
cookie("hubbub_tz", `${-new Date().getTimezoneOffset()}/${zone}`);
cookie("hubbub_hours", Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions().hour12 ? 12 : 24);
cookie("hubbub_device", known);

// A button that shows a password; a choice that sends its form.
root.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-shows]");
  if (!button) return;
  const field = document.getElementById(button.dataset.shows);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", show);
});
root.addEventListener("change", ({ target }) => {
  if (target.matches("select[data-sends]")) target.form.requestSubmit();
});
// It may have been chosen before this ran.
document.querySelector("select[data-sends] option:checked:not([selected])")?.closest("form").requestSubmit();
