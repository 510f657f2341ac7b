import { useLayoutEffect, useRef } from "react";

/** Keeps the end in sight while it grows, unless the person scrolled away from it. */
export function useScrollToEnd(content: unknown) {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the content changes
  useLayoutEffect(() => {
    const area = ref.current;
    if (area && atEnd.current) area.scrollTop = area.scrollHeight;
  }, [content]);
  return {
    ref,
    onScroll: () => {
      const area = ref.current;
      if (area) atEnd.current = area.scrollHeight - area.scrollTop - area.clientHeight < 40;
    },
    stick: () => {
      atEnd.current = true;
    },
  };
}
