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
