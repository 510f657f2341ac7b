import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { filePageOptions, fileSource, recognizedOptions } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import type { Created, ReadOptions } from "../../../bindings";
import css from "./FileImport.module.css";
import { FileReview } from "./FileReview";
import { HowItIsRead } from "./HowItIsRead";
import { Unreadable } from "./Unreadable";

export type FileImportProps = {
  path: string;
  /** The label of the button that leaves this file: more files may follow it. */
  leaveLabel: string;
  onImported: (created: Created, rows: number) => void;
  onLeave: () => void;
  /** Starts over with a path, which may be the same one. */
  onReplace: (path: string) => void;
  /** Called when the import starts and ends: the dialog cannot be closed meanwhile. */
  onBusy: (busy: boolean) => void;
};

/** Imports one file as a dataset. Its first rows are shown at once, before the whole file is read. */
export function FileImport(props: FileImportProps) {
  const { path, leaveLabel, onLeave, onReplace } = props;
  // A new stamp for each opening: the file may have changed since it was last read.
  const [stamp] = useState(() => crypto.randomUUID());
  const [chosen, setChosen] = useState<ReadOptions>({});
  const recognized = useQuery(recognizedOptions(path, stamp));
  const needed = recognized.data?.needed;
  const options = useMemo(() => ({ ...needed, ...chosen }), [needed, chosen]);
  const source = useMemo(() => fileSource(path, options), [path, options]);
  const first = useQuery({ ...filePageOptions(source, stamp, 0), enabled: recognized.isSuccess });
  const error = recognized.error ?? first.error;
  const choices = recognized.data && (
    <HowItIsRead recognized={recognized.data} options={options} onChoose={setChosen} />
  );
  if (!error && !first.data) {
    return (
      <Center className={css.body}>
        <Loader size="sm" aria-label="Opening the file" />
      </Center>
    );
  }
  if (error || !first.data) {
    return (
      <Unreadable
        path={path}
        error={toAppError(error)}
        choices={choices}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
      />
    );
  }
  return (
    <FileReview
      // What is read in another way is another file.
      key={JSON.stringify(options)}
      {...props}
      source={source}
      options={options}
      choices={choices}
      stamp={stamp}
      preview={first.data}
    />
  );
}
