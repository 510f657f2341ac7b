import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { type Place, placeOf, scrolledTo, TALLEST } from "./tallScroll";

/** Rows drawn beyond the visible ones, so that short scrolling shows no gap. */
const SPARE = 8;

/** The visible rows of a scroller with any number of rows, all of one height in pixels. */
export function useTallScroll(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  height: number,
  head: number,
) {
  const [view, setView] = useState(0);
  const [place, setPlace] = useState<Place>({ top: 0, skipped: 0 });
  const rows = count * height;
  const extent = { rows, view };
  const current = useRef({ place, extent });
  current.current = { place, extent };

  const go = useCallback(
    (next: Place) => {
      setPlace(next);
      if (scroller.current && scroller.current.scrollTop !== next.top) scroller.current.scrollTop = next.top;
      current.current.place = next;
    },
    [scroller],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setView(Math.max(height, element.clientHeight - head));
    const onScroll = () => {
      const { place, extent } = current.current;
      if (element.scrollTop !== place.top) go(scrolledTo(element.scrollTop, place, extent));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller, height, head, go]);

  const y = place.top + place.skipped;
  const first = Math.max(0, Math.min(Math.floor(y / height), count - 1));
  const last = Math.max(0, Math.min(Math.ceil((y + view) / height), count) - 1);
  const from = Math.max(0, first - SPARE);
  const to = Math.min(count, last + 1 + SPARE);
  const before = Math.max(0, from * height - place.skipped);

  /** Scrolls to a row, and centers it if it was far away. */
  const show = useCallback(
    (row: number) => {
      const { place, extent } = current.current;
      const [at, y] = [row * height, place.top + place.skipped];
      if (at < y - extent.view || at > y + extent.view * 2) go(placeOf(at - extent.view / 2, extent));
      else if (at < y) go(placeOf(at, extent));
      else if (at + height > y + extent.view) go(placeOf(at + height - extent.view, extent));
    },
    [go, height],
  );

  return {
    /** The first and last visible row. */
    first,
    last,
    /** The rows to draw, without `to`. */
    from,
    to,
    /** Pixels before and after the drawn rows. */
    before,
    after: Math.max(0, Math.min(rows, TALLEST) - before - (to - from) * height),
    /** The number of rows that fit into the view. */
    fitting: Math.max(1, Math.floor(view / height)),
    show,
  };
}
