import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type FileSource, filePageOptions, fileSource, recognizedOptions } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import type { ReadOptions } from "../../../bindings";
import { HowItIsRead } from "./HowItIsRead";
import { readingOf } from "./readingChoices";

/** Reads the first rows of a file in the way that is chosen. `of` is the file, or the dataset that has it. */
export function useFileReading(path: string, of: FileSource) {
  // A new stamp for each opening: the file may have changed since it was last read.
  const [stamp] = useState(() => crypto.randomUUID());
  const [chosen, setChosen] = useState<ReadOptions>({});
  const recognized = useQuery(recognizedOptions(of, stamp));
  const needed = recognized.data?.needed;
  const options = useMemo(() => ({ ...needed, ...chosen }), [needed, chosen]);
  const source = useMemo(() => fileSource(path, options), [path, options]);
  const first = useQuery({ ...filePageOptions(source, stamp, 0), enabled: recognized.isSuccess });
  const error = recognized.error ?? first.error;
  return {
    stamp,
    type: recognized.data?.type,
    options,
    source,
    /** The first rows; undefined while they are read. */
    preview: error ? undefined : first.data,
    error: error ? toAppError(error) : null,
    choices: recognized.data && (
      <HowItIsRead recognized={recognized.data} options={options} onChoose={setChosen} />
    ),
    /** Whether something else is chosen than at first. */
    changed:
      recognized.data !== undefined &&
      JSON.stringify(readingOf(recognized.data, options)) !==
        JSON.stringify(readingOf(recognized.data, recognized.data.needed)),
  };
}
