// In the oldest JavaScript, behind all that the browser shall read of this file: what follows are packs, not text.
if (/"attached"/.test(document.getElementById("megadesk-link").textContent)) window.stop();
