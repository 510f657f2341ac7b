import type { ExportFormat } from "../../bindings";

/** The ending of a snapshot's name. With it, file browsers open the snapshot with this program. */
export const snapshotEnding = (format: ExportFormat) => `fts.${format}`;

/** "work-2026-05-03.json", with the local date. */
export function exportName(workspace: string, ending: string, today = new Date()): string {
  const day = [
    today.getFullYear(),
    String(today.getMonth() + 1).padStart(2, "0"),
    String(today.getDate()).padStart(2, "0"),
  ].join("-");
  return `${workspace}-${day}.${ending}`;
}
