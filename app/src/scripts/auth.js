// On the auth pages nothing needs the module. It is fetched for the page after it, once this one is loaded and quiet.
const REST_MS = 2000;
const ahead = () => {
  if (navigator.connection?.saveData) return;
  for (const url of [js, wasm]) {
    // A page that is left meanwhile fetches it again.
    fetch(url, { priority: "low" }).then((answer) => answer.arrayBuffer()).catch(() => {});
  }
};
const rest = () => setTimeout(() => (window.requestIdleCallback ?? setTimeout)(ahead), REST_MS);
if (document.readyState === "complete") rest();
else addEventListener("load", rest);

// A button that copies a text. Where the browser does not let it, the field beside it is chosen, for the keys to copy.
root.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-copies]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.querySelector("span").textContent = button.dataset.copied;
  } catch {
    const beside = button.previousElementSibling;
    if (beside.select) beside.select();
    else beside.click();
  }
});
