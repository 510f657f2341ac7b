import { useQuery } from "@tanstack/react-query";
import { commands } from "../bindings";
import { keys } from "./store";

/** Where things are on this computer. */
export function useFolders() {
  return useQuery({ queryKey: [...keys.store, "folders"], queryFn: commands.folders, staleTime: 0 });
}
