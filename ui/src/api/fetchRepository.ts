// Fetching repositories of the hub into its local cache.
import { type CachedKind, commands, type Fetched, type FetchProgress } from "../bindings";
import type { Work } from "./useTask";

/** Fetches what is needed of a repository; null is the newest revision. What was received is kept if it is canceled. */
export const fetchRepository =
  (kind: CachedKind, name: string, revision: string | null): Work<Fetched, FetchProgress> =>
  (task, onProgress) =>
    commands.fetchFromHub(kind, name, revision, task, onProgress);
