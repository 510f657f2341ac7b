import { QueryClient } from "@tanstack/react-query";
import { toAppError } from "./errors";

/** The store is a local file that only this window writes, so rows stay fresh until something is written. */
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
