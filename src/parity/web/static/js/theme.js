// Light or dark: as the system says, until the reader says otherwise.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function tell(button) {
  button.setAttribute("aria-pressed", String(dark()));
}

export function themes() {
  const button = document.getElementById("theme");
  tell(button);
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Not kept for the next visit, then.
    }
    tell(button);
  });
  system.addEventListener("change", () => tell(button));
}
