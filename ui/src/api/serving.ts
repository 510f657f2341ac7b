// The model that other programs ask. The core serves one at most, and it goes on while other pages are shown.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type ServeRequest } from "../bindings";
import { toAppError } from "./errors";
import { keys } from "./store";

const served = [...keys.store, "serving"];

/** What is served, and what was asked; null where nothing is. The core reports its changes (`changes.ts`). */
export function useServing() {
  const { data } = useQuery({ queryKey: served, queryFn: () => commands.serving(), staleTime: 0 });
  return data ?? null;
}

/** Serves, stops, renews the key and clears the requests. Each shows at once. */
export function useServe() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: served });
  const start = useMutation({
    mutationFn: (request: ServeRequest) => commands.startServing(request),
    onSettled,
  });
  const stop = useMutation({ mutationFn: () => commands.stopServing(), onSettled });
  const renewKey = useMutation({ mutationFn: () => commands.renewServingKey(), onSettled });
  const clear = useMutation({ mutationFn: () => commands.clearServedRequests(), onSettled });
  const thrown = start.error ?? stop.error ?? renewKey.error ?? clear.error;
  return { start, stop, renewKey, clear, error: thrown && toAppError(thrown) };
}

/** The engines of this machine, with the commands that serve the same. */
export function useEngineCommands(model: string, adapters: string[]) {
  const { data } = useQuery({
    queryKey: [...keys.store, "engineCommands", model, adapters],
    queryFn: () => commands.engineCommands(model, adapters),
    enabled: model !== "",
  });
  return data ?? [];
}
