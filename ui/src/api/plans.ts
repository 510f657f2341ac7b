// What starting a run would do, planned by the core while the form is filled in.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import {
  type AppError,
  commands,
  type EvaluationRequest,
  type ExportRequest,
  type FieldProblem,
  type TrainingRequest,
} from "../bindings";
import { toAppError } from "./errors";
import { keys } from "./store";

/** Milliseconds without a change before a plan is made: not every typed letter needs one. */
const PAUSE = 200;

type Problems = { problems: FieldProblem[]; warnings: FieldProblem[] };

/** A plan with the request it was made for. */
type Planned<Request, Plan> = { plan: Plan; request: Request };

/** Plans a request. The previous plan stays until the next one is made. */
function usePlan<Request extends object, Plan extends Problems>(
  name: string,
  makePlan: (request: Request) => Promise<Plan>,
  request: Request,
) {
  const now = JSON.stringify(request);
  const [settled] = useDebouncedValue(now, PAUSE);
  const { data, error, isPlaceholderData, isPending } = useQuery({
    queryKey: [...keys.store, name, settled],
    queryFn: async (): Promise<Planned<Request, Plan>> => {
      const request: Request = JSON.parse(settled);
      return { plan: await makePlan(request), request };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const last = useRef<Planned<Request, Plan>>(undefined);
  if (data) last.current = data;
  const { plan, request: planned } = last.current ?? {};
  const failed: AppError | null = error && toAppError(error);
  return {
    plan,
    failed,
    /** Whether the plan, or the failure to make one, is of the request as it is now. */
    current: settled === now && !isPending && !isPlaceholderData,
    /** Whether the plan was made for another value of a field. */
    stale: (column: string) => fieldValue(planned, column) !== fieldValue(request, column),
  };
}

function fieldValue(request: object | undefined, column: string): string | undefined {
  const entry = Object.entries(request ?? {}).find(([name]) => name === column);
  return JSON.stringify(entry?.[1]);
}

export const useTrainingPlan = (request: TrainingRequest) =>
  usePlan("planTraining", commands.planTraining, request);
export const useExportPlan = (request: ExportRequest) => usePlan("planExport", commands.planExport, request);
export const useEvaluationPlan = (request: EvaluationRequest) =>
  usePlan("planEvaluation", commands.planEvaluation, request);
