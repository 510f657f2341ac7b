/** "work-2026-05-03.json", with the local date. */
export function exportName(workspace: string, ending: string, today = new Date()): string {
  const day = [
    today.getFullYear(),
    String(today.getMonth() + 1).padStart(2, "0"),
    String(today.getDate()).padStart(2, "0"),
  ].join("-");
  return `${workspace}-${day}.${ending}`;
}
