(function (says) {
  var enough =
    window.WebAssembly &&
    window.CSS &&
    CSS.supports &&
    CSS.supports("color", "light-dark(red, red)") &&
    "popover" in HTMLElement.prototype;
  if (enough) return;
  document.documentElement.setAttribute("data-too-old", "");
  document.addEventListener("DOMContentLoaded", function () {
    var told = document.createElement("p");
    told.className = "too-old";
    told.setAttribute("role", "alert");
    told.appendChild(document.createTextNode(says));
    document.body.insertBefore(told, document.body.firstChild);
  });
})
