import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";

/** The height of a line in pixels; the style sheet sets the same. */
const LINE = 18;
/** Pixels from the end within which the log counts as scrolled to its end. */
const NEAR = 2 * LINE;

type Options = {
  lines: string[];
  /** The offset of the first loaded byte. It decreases when earlier lines are loaded. */
  firstByte: number;
  /** Called when the log starts or stops to follow. */
  onFollow: (following: boolean) => void;
};

/** Scrolls a log: to its end while it follows. It stops to follow when the user scrolls up. */
export function useLogScroll({ lines, firstByte, onFollow }: Options) {
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  // The log's own growth also moves the end away; only a gesture of the user stops the following.
  const gesture = useRef(false);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });

  const follow = (next: boolean) => {
    setFollowing(next);
    onFollow(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when lines are added
  useLayoutEffect(() => {
    if (following && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [lines, following]);

  // Lines added above must not move the ones on screen.
  const before = useRef({ firstByte, count: lines.length });
  useLayoutEffect(() => {
    const { firstByte: was, count } = before.current;
    before.current = { firstByte, count: lines.length };
    if (firstByte < was && scroller.current) scroller.current.scrollTop += (lines.length - count) * LINE;
  }, [firstByte, lines.length]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd !== following && (atEnd || gesture.current)) follow(atEnd);
  };
  const onGesture = () => {
    gesture.current = true;
  };

  return {
    scroller,
    rows,
    following,
    follow,
    /** Shows a line in the middle, and stops to follow. */
    showLine: (index: number) => {
      follow(false);
      rows.scrollToIndex(index, { align: "center" });
    },
    handlers: { onScroll, onWheel: onGesture, onPointerDown: onGesture, onKeyDown: onGesture },
  };
}
