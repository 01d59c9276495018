// In the oldest JavaScript: says so where the browser cannot even read the page's script.
window.addEventListener("load", function () {
  if (document.documentElement.getAttribute("data-started")) return;
  document.getElementById("start").hidden = true;
  document.getElementById("old").hidden = false;
});
