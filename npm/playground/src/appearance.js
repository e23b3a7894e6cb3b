// The button that changes between light and dark. Not here: the colours (`style.css`), or the start (`theme.js`).

const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

function dark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
}

/** Lets `button` change the theme; the choice is the only thing that the page stores. */
export function themed(button) {
  const show = () => button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Without storage it holds until the page is closed.
    }
    show();
  });
  system.addEventListener("change", show);
  show();
}
