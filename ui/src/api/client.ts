import { QueryClient } from "@tanstack/react-query";
import { toAppError } from "./errors";

/**
 * Changes of the store refresh what is shown (`changes.ts`). What depends on other files too is read again
 * when a page opens or the window gets the focus, at most every `staleTime`.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, thrown) => toAppError(thrown).code === "locked" && failures < 2,
      },
      mutations: { networkMode: "always" },
    },
  });
}
