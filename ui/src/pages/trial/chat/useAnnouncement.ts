import { useEffect, useRef, useState } from "react";
import { pending, type Turn } from "./conversation";

/** How much of an answer is read aloud. */
const READ = 240;

/** What a screen reader says: that answers are written, and once, at the end, how they begin. */
export function useAnnouncement(turns: Turn[], nameOf: (target: string) => string): string {
  const [said, setSaid] = useState("");
  const before = useRef(0);
  const awaited = pending(turns).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the begin and the end are announced
  useEffect(() => {
    if (awaited > 0 && before.current === 0) setSaid("Answering.");
    if (awaited === 0 && before.current > 0) {
      const answers = Object.entries(turns.at(-1)?.steps ?? {}).map(([target, steps]) => {
        const last = steps.at(-1);
        if (last?.kind !== "answer") return "";
        const text = last.problem?.message ?? last.text;
        return `${nameOf(target)}: ${text.length > READ ? `${text.slice(0, READ)}…` : text}`;
      });
      setSaid(answers.join(" "));
    }
    before.current = awaited;
  }, [awaited]);
  return said;
}
