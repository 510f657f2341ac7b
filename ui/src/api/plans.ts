// What starting a run would do, planned by the core while the form is filled in.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { type AppError, commands, type FieldProblem, type Row } from "../bindings";
import { toAppError } from "./errors";
import { keys } from "./store";

/** Milliseconds without a change before a plan is made: not every typed letter needs one. */
const PAUSE = 200;

type Problems = { problems: FieldProblem[]; warnings: FieldProblem[] };

/** A plan with the fields it was made for. */
type Planned<Plan> = { plan: Plan; fields: Row };

/** Plans the fields. The previous plan stays until the next one is made. */
function usePlan<Plan extends Problems>(name: string, makePlan: (fields: Row) => Promise<Plan>, fields: Row) {
  const now = JSON.stringify(fields);
  const [settled] = useDebouncedValue(now, PAUSE);
  const { data, error, isPlaceholderData, isPending } = useQuery({
    queryKey: [...keys.store, name, settled],
    queryFn: async (): Promise<Planned<Plan>> => {
      const fields: Row = JSON.parse(settled);
      return { plan: await makePlan(fields), fields };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const last = useRef<Planned<Plan>>(undefined);
  if (data) last.current = data;
  const { plan, fields: planned } = last.current ?? {};
  const failed: AppError | null = error && toAppError(error);
  return {
    plan,
    failed,
    /** Whether the plan, or the failure to make one, is of the fields as they are now. */
    current: settled === now && !isPending && !isPlaceholderData,
    /** Whether the plan was made for another value of a field. */
    stale: (column: string) => JSON.stringify(planned?.[column]) !== JSON.stringify(fields[column]),
  };
}

export const useTrainingPlan = (fields: Row) => usePlan("planTraining", commands.planTraining, fields);
export const useEvaluationPlan = (fields: Row) => usePlan("planEvaluation", commands.planEvaluation, fields);
