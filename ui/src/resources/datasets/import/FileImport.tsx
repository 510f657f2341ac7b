import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { filePageOptions } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import type { Created } from "../../../bindings";
import css from "./FileImport.module.css";
import { FileReview } from "./FileReview";
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
  const first = useQuery(filePageOptions(path, stamp, 0));
  if (first.isPending) {
    return (
      <Center className={css.body}>
        <Loader size="sm" aria-label="Opening the file" />
      </Center>
    );
  }
  if (first.isError) {
    return (
      <Unreadable
        path={path}
        error={toAppError(first.error)}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
      />
    );
  }
  return <FileReview {...props} stamp={stamp} preview={first.data} />;
}
