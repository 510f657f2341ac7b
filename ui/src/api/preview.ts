// Rows as a training or an evaluation would see them.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands, type EvaluationRequest, type PreviewRequest } from "../bindings";
import { keys } from "./store";

/** Milliseconds without a change before rows are rendered: not every typed letter needs it. */
const PAUSE = 150;

/** Renders rows, if there is a dataset. The previous ones stay until the next ones are made. */
export function useTrainingPreview(request: PreviewRequest) {
  const [settled] = useDebouncedValue(JSON.stringify(request), PAUSE);
  return useQuery({
    queryKey: [...keys.store, "previewTraining", settled],
    queryFn: () => commands.previewTraining(JSON.parse(settled)),
    enabled: Boolean(request.dataset_id),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
}

/** Renders a row for one of the combinations of an evaluation, likewise. */
export function useEvaluationPreview(request: EvaluationRequest, combination: number, row: number) {
  const [settled] = useDebouncedValue(JSON.stringify({ request, combination, row }), PAUSE);
  return useQuery({
    queryKey: [...keys.store, "previewEvaluation", settled],
    queryFn: () => {
      const { request, combination, row } = JSON.parse(settled);
      return commands.previewEvaluation(request, combination, row);
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
}
