import { createContext, type ReactNode, useContext, useState } from "react";
import { fetchRepository } from "../../api/fetchRepository";
import { useStoreChanged } from "../../api/store";
import { type TaskState, useTask } from "../../api/useTask";
import type { CachedKind, Fetched, FetchProgress } from "../../bindings";

/** A fetch from the hub: one repository at a time. */
export type Fetching = {
  /** The repository of the last fetch. */
  name: string | null;
  state: TaskState<Fetched, FetchProgress>;
  start: (kind: CachedKind, name: string) => void;
  cancel: () => void;
};

const FetchContext = createContext<Fetching | null>(null);

export function useFetching(): Fetching {
  const fetching = useContext(FetchContext);
  if (!fetching) throw new Error("useFetching needs a FetchWork above it");
  return fetching;
}

/** Keeps a fetch while other pages are open. */
export function FetchWork({ children }: { children: ReactNode }) {
  const { state, run, cancel } = useTask<Fetched, FetchProgress>();
  const [name, setName] = useState<string | null>(null);
  const changed = useStoreChanged();
  const start = (kind: CachedKind, repository: string) => {
    setName(repository);
    // What came before a failure is in the cache too.
    void run(fetchRepository(kind, repository, null)).then(changed);
  };
  return <FetchContext value={{ name, state, start, cancel }}>{children}</FetchContext>;
}
