import { Center, Loader } from "@mantine/core";
import { useRef, useState } from "react";
import type { Created } from "../../../bindings";
import { fileStem } from "../../../format/paths";
import { FileHead } from "./FileHead";
import css from "./FileImport.module.css";
import { FileReview } from "./FileReview";
import { NameAndImport } from "./NameAndImport";
import { Unreadable } from "./Unreadable";
import { useFileReading } from "./useFileReading";

type Props = {
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
export function FileImport({ path, leaveLabel, onImported, onLeave, onReplace, onBusy }: Props) {
  const { stamp, type, options, source, preview, error, choices } = useFileReading(path, path);
  const [name, setName] = useState(() => fileStem(path));
  // Another way of reading shows the file anew, and must not take the focus from its choice.
  const focused = useRef(false);
  return (
    <div className={css.body}>
      <FileHead path={path} type={type} preview={preview} onFolder={onReplace} />
      {choices}
      {error && <Unreadable path={path} error={error} {...{ leaveLabel, onLeave, onReplace }} />}
      {!error && !preview && (
        <Center flex={1}>
          <Loader size="sm" aria-label="Opening the file" />
        </Center>
      )}
      {preview && (
        <FileReview
          // What is read in another way is another file.
          key={JSON.stringify(options)}
          path={path}
          source={source}
          options={options}
          stamp={stamp}
          preview={preview}
          onReadAgain={() => onReplace(path)}
          onImport={onReplace}
          foot={(read) => (
            <NameAndImport
              path={path}
              options={options}
              {...read}
              {...{ name, leaveLabel, onLeave, onReplace, onImported, onBusy }}
              onName={setName}
              focused={focused}
            />
          )}
        />
      )}
    </div>
  );
}
