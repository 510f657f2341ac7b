import { useQuery } from "@tanstack/react-query";
import { commands, type Folder } from "../bindings";
import { keys } from "./store";

/** Opens a folder in the file browser of the operating system. */
export const openFolder = (what: Folder["what"]) => commands.openFolder(what);

/** The program's folders on this computer. */
export function useFolders() {
  return useQuery({ queryKey: [...keys.store, "folders"], queryFn: commands.folders, staleTime: 0 });
}
