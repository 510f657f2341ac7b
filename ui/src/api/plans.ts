// What starting a run would do, asked while its settings are typed. The last answer wins, and what was
// answered before stays in sight until then.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { type AppError, commands, type FieldProblem, type Row } from "../bindings";
import { toAppError } from "./errors";
import { keys } from "./store";

/** Short enough to seem at once, long enough that not every letter is planned. */
const PAUSE = 200;

/** A plan, and the fields it is of. */
type Answer<Plan> = { plan: Plan; fields: Row };

type Said = { problems: FieldProblem[]; warnings: FieldProblem[] };

function usePlan<Plan extends Said>(name: string, ask: (fields: Row) => Promise<Plan>, fields: Row) {
  const now = JSON.stringify(fields);
  const [settled] = useDebouncedValue(now, PAUSE);
  const { data, error } = useQuery({
    queryKey: [...keys.store, name, settled],
    queryFn: async (): Promise<Answer<Plan>> => {
      const fields: Row = JSON.parse(settled);
      return { plan: await ask(fields), fields };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const last = useRef<Answer<Plan>>(undefined);
  if (data) last.current = data;
  const { plan, fields: of } = last.current ?? {};
  const failed: AppError | null = error && toAppError(error);
  /** Whether the plan is of another value than the field has now. */
  const stale = (column: string) => JSON.stringify(of?.[column]) !== JSON.stringify(fields[column]);
  return { plan, failed, stale };
}

export const useTrainingPlan = (fields: Row) => usePlan("planTraining", commands.planTraining, fields);
export const useEvaluationPlan = (fields: Row) => usePlan("planEvaluation", commands.planEvaluation, fields);
