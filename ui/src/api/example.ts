import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type Dependents } from "../bindings";
import { keys, storeChanged } from "./store";

/** The rows of the example workspace that are in the store, and the changes to them. */
export function useExample() {
  return useQuery({ queryKey: [...keys.store, "example"], queryFn: commands.example, staleTime: 0 });
}

export function useLoadExample() {
  const client = useQueryClient();
  return useMutation({ mutationFn: commands.loadExample, onSuccess: () => storeChanged(client) });
}

export function useRemoveExample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ withChanged, dependents }: { withChanged: boolean | null; dependents: Dependents }) =>
      commands.removeExample(withChanged, dependents),
    onSuccess: () => storeChanged(client),
  });
}
