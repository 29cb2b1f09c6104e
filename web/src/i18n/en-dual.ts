/** Texts of dual mode in English. */
export const enDual = {
  mode: "How the cameras run",
  modeToggle: "One at a time",
  modeDual: "Both at once",
  view: "What is shown here",
  viewBoth: "Side by side",
  keyDual: "Both cameras at once, or one at a time",
  modeLeft: "One camera at a time for now.",
  changingMode: "Changing how the cameras run",
};
