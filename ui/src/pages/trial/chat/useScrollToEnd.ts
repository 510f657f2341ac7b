import { useLayoutEffect, useRef } from "react";

/** How far from its place the content may be scrolled and still be kept there, in pixels. */
const NEAR = 40;

/** Where the area is scrolled to while it grows: to its end, but not past the last question. */
function placeOf(area: HTMLElement): number {
  const last = area.querySelector<HTMLElement>("[data-turn]:last-child");
  const head = area.querySelector<HTMLElement>("[data-heads]")?.offsetHeight ?? 0;
  const end = area.scrollHeight - area.clientHeight;
  return last ? Math.min(end, last.offsetTop - head) : end;
}

/** Keeps the last question and its answers in sight, unless the person scrolled away from them. */
export function useScrollToEnd(content: unknown) {
  const ref = useRef<HTMLDivElement>(null);
  const keeps = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the content changes
  useLayoutEffect(() => {
    const area = ref.current;
    if (!area || !keeps.current) return;
    // Further down is where the person scrolled to.
    area.scrollTop = Math.max(area.scrollTop, placeOf(area));
  }, [content]);
  return {
    ref,
    onScroll: () => {
      const area = ref.current;
      if (area) keeps.current = area.scrollTop >= placeOf(area) - NEAR;
    },
    keep: () => {
      keeps.current = true;
    },
  };
}
