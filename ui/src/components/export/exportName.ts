/** "work" on 3 May becomes "work-2026-05-03.json": the day is the person's, not Greenwich's. */
export function exportName(workspace: string, ending: string, today = new Date()): string {
  const day = [
    today.getFullYear(),
    String(today.getMonth() + 1).padStart(2, "0"),
    String(today.getDate()).padStart(2, "0"),
  ].join("-");
  return `${workspace}-${day}.${ending}`;
}
