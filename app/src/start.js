const root = document.documentElement;
let early;
const keep = (event) => {
  const used = event.target.closest(event.type === "submit" ? "form.js-only" : "button[type=button]");
  if (used) {
    event.preventDefault();
    event.stopPropagation();
    early = used;
  }
};
root.dataset.js = "";
root.addEventListener("click", keep, true);
root.addEventListener("submit", keep, true);
const page = await import(js);
await page.default({ module_or_path: wasm });
await page.hydrate();
root.removeEventListener("click", keep, true);
root.removeEventListener("submit", keep, true);
if (early?.isConnected) {
  if (early.requestSubmit) early.requestSubmit();
  else early.click();
}
