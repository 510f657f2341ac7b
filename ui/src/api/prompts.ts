import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands, type RenderRequest, type Suggestion } from "../bindings";
import { keys } from "./store";

/** A prompt filled with the values of one row. The previous rendering stays while the next one is made. */
export function useRendering(request: RenderRequest) {
  return useQuery({
    queryKey: [...keys.store, "rendering", request],
    queryFn: () => commands.renderPrompt(request),
    enabled: request.dataset_id !== "",
    placeholderData: (previous, query) =>
      // A rendering of another dataset would show columns that this one lacks.
      (query?.queryKey.at(-1) as RenderRequest | undefined)?.dataset_id === request.dataset_id
        ? keepPreviousData(previous)
        : undefined,
  });
}

/** Templates made from a dataset's columns; null if its columns are not known. */
export function suggestTemplates(dataset: string): Promise<Suggestion | null> {
  return commands.suggestTemplates(dataset).catch(() => null);
}
