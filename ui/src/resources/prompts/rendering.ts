// A prompt with the values of a row, asked of the core as one writes.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { keys } from "../../api/store";
import { commands, type RenderRequest } from "../../bindings";

export function useRendering(request: RenderRequest) {
  return useQuery({
    queryKey: [...keys.store, "rendering", request],
    queryFn: () => commands.renderPrompt(request),
    enabled: request.dataset_id !== "",
    placeholderData: (previous, query) =>
      // The rows of another dataset are nothing to look at meanwhile.
      (query?.queryKey.at(-1) as RenderRequest | undefined)?.dataset_id === request.dataset_id
        ? keepPreviousData(previous)
        : undefined,
  });
}
