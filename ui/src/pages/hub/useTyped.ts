import { useState } from "react";

/** The text of a field whose settled value is elsewhere: it follows when that changes. */
export function useTyped(settled: string) {
  const [text, setText] = useState(settled);
  const [followed, setFollowed] = useState(settled);
  if (followed !== settled) {
    setFollowed(settled);
    setText(settled);
  }
  return [text, setText] as const;
}
