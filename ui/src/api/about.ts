// The program itself.
import { useQuery } from "@tanstack/react-query";
import { commands } from "../bindings";

/** Versions and the end of the log as one text, without secrets. */
export const diagnostics = () => commands.diagnostics();

/** The file that was opened with the program and not taken yet; null if there is none. */
export const takeOpenedFile = () => commands.takeOpenedFile();

/** The licenses of what the program contains; null where they were not installed with it. */
export function useThirdPartyNotices() {
  return useQuery({
    queryKey: ["thirdPartyNotices"],
    queryFn: commands.thirdPartyNotices,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
