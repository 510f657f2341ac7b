// The Python interpreters of this computer, and the one that runs use.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type EnvironmentKind, type EnvironmentProgress, type Interpreter } from "../bindings";

import type { Work } from "./useTask";

const key = ["python"] as const;

/** Downloads Python and the libraries into an environment of the program. */
export const createEnvironment =
  (kind: EnvironmentKind): Work<Interpreter, EnvironmentProgress> =>
  (task, onProgress) =>
    commands.createEnvironment(kind, task, onProgress);

export function useEnvironment() {
  return useQuery({
    queryKey: [...key, "report"],
    queryFn: commands.environmentReport,
    staleTime: 0,
    retry: false,
  });
}

/** The accelerators that PyTorch finds in an interpreter. The query takes seconds. */
export function useAccelerators(python: string, complete: boolean) {
  return useQuery({
    queryKey: [...key, "accelerators", python],
    queryFn: () => commands.accelerators(python),
    enabled: complete,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Call after a change of the interpreters or of the choice among them. */
export function usePythonChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: key });
}

/** Chooses an interpreter; null leaves the choice to the program. */
export function useChoosePython() {
  const changed = usePythonChanged();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (python: string | null) => commands.choosePython(python),
    // The choice is stored with the Hub's settings.
    onSuccess: () => Promise.all([changed(), client.invalidateQueries({ queryKey: ["hub", "settings"] })]),
  });
}

export function useRemoveEnvironment(kind: EnvironmentKind) {
  const changed = usePythonChanged();
  return useMutation({ mutationFn: () => commands.removeEnvironment(kind), onSettled: changed });
}
