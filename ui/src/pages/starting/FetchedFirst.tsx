import type { PlannedFetch } from "../../bindings";
import { formatBytes } from "../../format/numbers";

export function hasFetches(fetches: PlannedFetch[] | undefined): fetches is PlannedFetch[] {
  return fetches !== undefined && fetches.length > 0;
}

/** What a start fetches from the Hub before the run begins, with sizes. */
export function FetchedFirst({ fetches }: { fetches: PlannedFetch[] }) {
  return fetches.map(({ kind, name, bytes }) => (
    <div key={`${kind} ${name}`}>
      {bytes === null ? `${name}, of unknown size` : `${name}, up to ${formatBytes(bytes)}`}
    </div>
  ));
}
