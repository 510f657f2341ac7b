import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type MouseEvent, useEffect, useMemo, useRef } from "react";
import { idOf } from "../../api/tables";
import type { Listed, Sort, Table } from "../../bindings";
import type { Place } from "../RowMenu";
import { fitting, type ListColumn, listColumns, roomFor } from "./columns";
import { ListRow, rowId } from "./ListRow";
import css from "./RowTable.module.css";
import { TableHeader } from "./TableHeader";
import { useActiveRow } from "./useActiveRow";
import { useColumnWidths } from "./useColumnWidths";

/** Pixels; the style sheet sets the same. */
const ROW_HEIGHT = 36;

type Props = {
  table: Table;
  /** Columns of the resource beyond those of its table. */
  extraColumns: ListColumn[] | undefined;
  total: number;
  at: (index: number) => Listed | undefined;
  /** Called with the visible rows, so that they are read. */
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
  /** Opens the menu of a row at a place of the window. */
  onMenu: (row: Listed, at: Place) => void;
  /** Changes with the query: the list scrolls to its top. */
  resetKey: string;
};

/** The rows of a list. Only the visible ones are drawn. */
export function RowTable(props: Props) {
  const { table, total, at, onSight, openId, onOpen, selected, onToggle, onMenu } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const list = useMergedRef(scroller, measured);
  const { columns, template, minWidth, ...sizing } = useColumns(table, props.extraColumns, width);
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
  const { active, setActive, onKeyDown } = useActiveRow({ ...props, scroller, rows });

  const idsBetween = (a: number, b: number) => {
    const indexes = Array.from({ length: Math.abs(a - b) + 1 }, (_, n) => Math.min(a, b) + n);
    return indexes.flatMap((index) => {
      const listed = at(index);
      return listed ? idOf(listed) : [];
    });
  };
  const onClick = (event: MouseEvent, index: number, id: string | undefined) => {
    setActive(index);
    if (!id) return;
    if (event.shiftKey) props.onSelect(idsBetween(active, index));
    else if (event.ctrlKey || event.metaKey) onToggle(id);
    else onOpen(id);
  };
  const openMenu = (index: number, listed: Listed | undefined, place: Place) => {
    setActive(index);
    if (listed) onMenu(listed, place);
  };

  return (
    <div
      ref={list}
      className={css.scroller}
      style={{ "--columns": template } as CSSProperties}
      role="grid"
      aria-label={table.title}
      aria-rowcount={total + 1}
      aria-multiselectable
      aria-activedescendant={inSight.some(({ index }) => index === active) ? rowId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ minWidth }}>
        <TableHeader
          columns={columns}
          sort={props.sort}
          onSort={props.onSort}
          {...sizing}
          selected={selected.size === 0 ? "none" : selected.size >= total ? "all" : "some"}
          onSelectAll={props.onSelectAll}
        />
        <div className={css.body} role="rowgroup" style={{ height: rows.getTotalSize() }}>
          {inSight.map(({ index, start }) => {
            const listed = at(index);
            const id = listed && idOf(listed);
            return (
              <ListRow
                key={index}
                index={index}
                top={start}
                columns={columns}
                listed={listed}
                active={index === active}
                open={id !== undefined && id === openId}
                selected={id !== undefined && selected.has(id)}
                onToggle={onToggle}
                onMenu={(place) => openMenu(index, listed, place)}
                onContextMenu={(event) => {
                  // The menu key raises this event too; `useActiveRow` handles the key.
                  if (event.button !== 2) return;
                  event.preventDefault();
                  openMenu(index, listed, { x: event.clientX, y: event.clientY });
                }}
                onClick={(event) => onClick(event, index, id)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The columns that fit into a width in pixels, and the grid they make. */
function useColumns(table: Table, extra: ListColumn[] | undefined, width: number) {
  const { widths, resize, reset } = useColumnWidths(table.name);
  // With a width of their own, all columns stay and the list scrolls. A width of 0 is one before the layout.
  const keepAll = width === 0 || Object.keys(widths).length > 0;
  const all = useMemo(() => listColumns(table, extra), [table, extra]);
  const columns = useMemo(() => (keepAll ? all : fitting(all, width)), [all, keepAll, width]);
  const tracks = columns.map(({ name, least, share }) =>
    widths[name] ? `${widths[name]}px` : `minmax(${least}px, ${share}fr)`,
  );
  return {
    columns,
    template: `32px ${tracks.join(" ")} 36px`,
    minWidth: roomFor(columns, widths),
    widths,
    onResize: resize,
    onReset: reset,
  };
}
