import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { EditorProps } from "./Editor";
import { heightOf } from "./height";

const Editor = lazy(() => import("./Editor"));

/** An editor for code and templates. Its library is loaded when the first one is shown. */
export function CodeEditor(props: EditorProps) {
  return (
    <Suspense fallback={<Skeleton height={heightOf(props.minRows ?? 4)} radius="sm" />}>
      <Editor {...props} />
    </Suspense>
  );
}
