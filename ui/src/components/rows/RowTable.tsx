import { ActionIcon, Checkbox, Skeleton } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { idOf } from "../../api/tables";
import type { Listed, Sort, Table } from "../../bindings";
import type { Place } from "../RowMenu";
import { fitting, type ListColumn, listColumns, roomFor } from "./columns";
import css from "./RowTable.module.css";
import { TableHeader } from "./TableHeader";
import { useColumnWidths } from "./useColumnWidths";

const ROW_HEIGHT = 36;
const PAGE_OF_ROWS = 15;

const moves: Record<string, (active: number, total: number) => number> = {
  ArrowDown: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  PageDown: (active) => active + PAGE_OF_ROWS,
  PageUp: (active) => active - PAGE_OF_ROWS,
  Home: () => 0,
  End: (_, total) => total - 1,
};

type Props = {
  table: Table;
  /** Columns of the resource beyond those of its table. */
  extraColumns: ListColumn[] | undefined;
  total: number;
  at: (index: number) => Listed | undefined;
  /** Tells which rows are in sight, so that they can be read. */
  onSight: (first: number, last: number) => void;
  sort: Sort | null;
  onSort: (column: string) => void;
  /** The row in the detail panel. */
  openId: string | undefined;
  onOpen: (id: string) => void;
  selected: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onSelect: (ids: string[]) => void;
  onSelectAll: () => void;
  /** Asks for what can be done with a row, at a place of the window. */
  onMenu: (row: Listed, at: Place) => void;
  /** Changes when the rows are others: the list starts at its top again. */
  resetKey: string;
};

/**
 * One row of the list is active; the keys move it and the list keeps the focus, so focus is never lost to a
 * row that scrolled out of sight.
 */
export function RowTable({ table, total, at, onSight, openId, onOpen, selected, onToggle, ...props }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const { ref: measured, width } = useElementSize();
  const list = useMergedRef(scroller, measured);
  const { widths, resize, reset } = useColumnWidths(table.name);
  // Whoever sets a width arranges the list, and scrolls to what has no room. Nothing has a width before
  // it is laid out.
  const arranged = width === 0 || Object.keys(widths).length > 0;
  const all = useMemo(() => listColumns(table, props.extraColumns), [table, props.extraColumns]);
  const columns = useMemo(() => (arranged ? all : fitting(all, width)), [all, arranged, width]);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const inSight = rows.getVirtualItems();
  const first = inSight[0]?.index ?? 0;
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => onSight(first, last), [onSight, first, last]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the reason to start over
  useEffect(() => {
    setActive(0);
    rows.scrollToOffset(0);
  }, [props.resetKey]);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(total - 1, to));
    setActive(next);
    rows.scrollToIndex(next);
    const listed = at(next);
    if (openId && listed) onOpen(idOf(listed));
  };

  const idsBetween = (a: number, b: number) => {
    const indexes = Array.from({ length: Math.abs(a - b) + 1 }, (_, n) => Math.min(a, b) + n);
    return indexes.flatMap((index) => {
      const listed = at(index);
      return listed ? idOf(listed) : [];
    });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const listed = at(active);
    const to = moves[event.key]?.(active, total);
    if (to !== undefined) move(to);
    else if ((event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) && listed) {
      const box = document.getElementById(rowId(active))?.getBoundingClientRect();
      props.onMenu(listed, { x: (box?.left ?? 0) + 48, y: box?.bottom ?? 0 });
    } else if (event.key === "Enter" && listed) onOpen(idOf(listed));
    else if (event.key === " " && listed) onToggle(idOf(listed));
    else return;
    event.preventDefault();
  };

  const template = columns.map((column) => {
    const width = widths[column.name];
    return width ? `${width}px` : `minmax(${column.least}px, ${column.share}fr)`;
  });

  return (
    <div
      ref={list}
      className={css.scroller}
      style={{ "--columns": `32px ${template.join(" ")} 36px` } as CSSProperties}
      role="grid"
      aria-label={table.title}
      aria-rowcount={total + 1}
      aria-multiselectable
      aria-activedescendant={inSight.some(({ index }) => index === active) ? rowId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ minWidth: roomFor(columns, widths) }}>
        <TableHeader
          columns={columns}
          sort={props.sort}
          onSort={props.onSort}
          widths={widths}
          onResize={resize}
          onReset={reset}
          selected={selected.size === 0 ? "none" : selected.size >= total ? "all" : "some"}
          onSelectAll={props.onSelectAll}
        />
        <div className={css.body} role="rowgroup" style={{ height: rows.getTotalSize() }}>
          {inSight.map(({ index, start }) => {
            const listed = at(index);
            const id = listed && idOf(listed);
            return (
              <Row
                key={index}
                index={index}
                top={start}
                columns={columns}
                listed={listed}
                active={index === active}
                open={id !== undefined && id === openId}
                selected={id !== undefined && selected.has(id)}
                onToggle={onToggle}
                onMenu={(place) => {
                  setActive(index);
                  if (listed) props.onMenu(listed, place);
                }}
                onContextMenu={(event) => {
                  // The keyboard's own comes with the key, which is answered above.
                  if (!listed || event.button !== 2) return;
                  event.preventDefault();
                  setActive(index);
                  props.onMenu(listed, { x: event.clientX, y: event.clientY });
                }}
                onClick={(event) => {
                  setActive(index);
                  if (!id) return;
                  if (event.shiftKey) return props.onSelect(idsBetween(active, index));
                  if (event.ctrlKey || event.metaKey) onToggle(id);
                  else onOpen(id);
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const rowId = (index: number) => `row-${index}`;

type RowProps = {
  index: number;
  top: number;
  columns: ListColumn[];
  listed: Listed | undefined;
  active: boolean;
  open: boolean;
  selected: boolean;
  onToggle: (id: string) => void;
  onMenu: (at: Place) => void;
  onClick: (event: MouseEvent) => void;
  onContextMenu: (event: MouseEvent) => void;
};

function Row({ index, top, columns, listed, active, open, selected, onToggle, onMenu, ...mouse }: RowProps) {
  return (
    <div
      id={rowId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={css.row}
      data-active={active || undefined}
      data-open={open || undefined}
      style={{ transform: `translateY(${top}px)` }}
      {...mouse}
    >
      <div className={css.check} role="gridcell">
        {listed && (
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={`Select ${listed.label}`}
            checked={selected}
            onChange={() => onToggle(idOf(listed))}
            onClick={(event) => event.stopPropagation()}
          />
        )}
      </div>
      {columns.map((column, at) => (
        <div
          key={column.name}
          role="gridcell"
          className={css.cell}
          data-end={column.end || undefined}
          data-naming={at === 0 || undefined}
        >
          {listed ? column.cell(listed) : <Skeleton height={8} width="60%" />}
        </div>
      ))}
      <div className={css.actions} role="gridcell">
        {listed && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={26}
            tabIndex={active ? 0 : -1}
            aria-label={`Actions for ${listed.label}`}
            aria-haspopup="menu"
            onClick={(event) => {
              event.stopPropagation();
              const box = event.currentTarget.getBoundingClientRect();
              onMenu({ x: box.left, y: box.bottom });
            }}
          >
            <IconDots size={15} stroke={1.6} />
          </ActionIcon>
        )}
      </div>
    </div>
  );
}
