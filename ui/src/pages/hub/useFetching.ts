import { useState } from "react";
import { fetchRepository } from "../../api/fetchRepository";
import { useStoreChanged } from "../../api/store";
import { useTask } from "../../api/useTask";
import type { CachedKind, Fetched, FetchProgress } from "../../bindings";

export type Fetching = ReturnType<typeof useFetching>;

/** The fetch of the page: one repository at a time. Leaving the page cancels it, and what came is kept. */
export function useFetching() {
  const task = useTask<Fetched, FetchProgress>();
  const [name, setName] = useState<string | null>(null);
  const changed = useStoreChanged();
  const start = async (kind: CachedKind, repository: string, revision: string | null = null) => {
    setName(repository);
    await task.run(fetchRepository(kind, repository, revision));
    await changed();
  };
  return { name, state: task.state, start, cancel: task.cancel };
}
