// Searching the Hub, and the repositories of its local cache.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  type Cached,
  type CachedKind,
  commands,
  type HubKind,
  type RepositoryName,
  type SearchRequest,
} from "../bindings";
import { keys, storeChanged } from "./store";

/** Results of one page. */
const PAGE = 50;

export type Search = Omit<SearchRequest, "limit" | "after">;

/** Pages of results; null searches nothing. Only a new search or another page makes a request. */
export function useHubSearch(search: Search | null) {
  return useInfiniteQuery({
    queryKey: ["hub", "search", search],
    queryFn: ({ pageParam }) => commands.searchHub({ ...(search as Search), limit: PAGE, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: search !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** What this machine and the workspace have of repositories, in their order. The Hub is not asked. */
export function useLocalRepositories(repositories: RepositoryName[]) {
  return useQuery({
    queryKey: [...keys.store, "localRepositories", repositories],
    queryFn: () => commands.localRepositories(repositories),
    enabled: repositories.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

/** The memory that trainings on this machine have. It does not change while the program runs. */
export function useTrainingMemory() {
  return useQuery({
    queryKey: ["trainingMemory"],
    queryFn: commands.trainingMemory,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Adapters are models on the Hub. */
export const kindOnHub = (kind: CachedKind): HubKind => (kind === "dataset" ? "dataset" : "model");

/** The rows and runs that use a repository of the cache. */
export function useCacheUses({ kind, name }: Pick<Cached, "kind" | "name">) {
  return useQuery({
    queryKey: [...keys.store, "cacheUses", kind, name],
    queryFn: () => commands.hubCacheUses(kindOnHub(kind), name),
    staleTime: 0,
    retry: false,
  });
}

export function useRemoveCached() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, name }: Pick<Cached, "kind" | "name">) =>
      commands.removeFromHubCache(kindOnHub(kind), name),
    onSuccess: () => storeChanged(client),
  });
}
