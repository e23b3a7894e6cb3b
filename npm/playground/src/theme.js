// Sets the theme that was chosen before anything is painted, so that a dark page does not flash. Not here: the button
// that changes it (`main.js`).

try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // A page without storage follows the system.
}
