import type { Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { idOf } from "../../api/tables";
import type { Listed } from "../../bindings";
import type { Place } from "../RowMenu";
import { rowId } from "./ListRow";

/** Rows that Page Up and Page Down move by. */
const PAGE = 15;

const moves: Record<string, (active: number, total: number) => number> = {
  ArrowDown: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  PageDown: (active) => active + PAGE,
  PageUp: (active) => active - PAGE,
  Home: () => 0,
  End: (_, total) => total - 1,
};

type Options = {
  scroller: RefObject<HTMLElement | null>;
  rows: Virtualizer<HTMLDivElement, Element>;
  total: number;
  at: (index: number) => Listed | undefined;
  /** The row in the panel. While there is one, it follows the active row. */
  openId: string | undefined;
  onOpen: (id: string) => void;
  onToggle: (id: string) => void;
  onMenu: (row: Listed, at: Place) => void;
  /** Changes with the query: the first row becomes active. */
  resetKey: string;
};

/** The row that the keyboard acts on. The list keeps the focus, so a row that scrolls away cannot take it. */
export function useActiveRow(options: Options) {
  const { scroller, rows, total, at, openId, onOpen, onToggle, onMenu, resetKey } = options;
  const [active, setActive] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the reason to start over
  useEffect(() => {
    setActive(0);
    rows.scrollToOffset(0);
  }, [resetKey]);

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    rows.scrollToIndex(next);
    const listed = at(next);
    if (openId && listed) onOpen(idOf(listed));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const listed = at(active);
    const to = moves[event.key]?.(active, total);
    const menu = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (to !== undefined) moveTo(to);
    else if (menu && listed) {
      const box = document.getElementById(rowId(active))?.getBoundingClientRect();
      onMenu(listed, { x: (box?.left ?? 0) + 48, y: box?.bottom ?? 0 });
    } else if (event.key === "Enter" && listed) onOpen(idOf(listed));
    else if (event.key === " " && listed) onToggle(idOf(listed));
    else return;
    event.preventDefault();
  };

  return { active, setActive, onKeyDown };
}
