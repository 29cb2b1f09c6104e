/** So long the browser may take to begin with the download. */
const keptMs = 60_000;

/** Hands the browser a file to save. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, keptMs);
}
