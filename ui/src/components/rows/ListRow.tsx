import { ActionIcon, Checkbox, Skeleton } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { idOf } from "../../api/tables";
import type { Listed } from "../../bindings";
import type { Place } from "../RowMenu";
import type { ListColumn } from "./columns";
import css from "./RowTable.module.css";

/** The element id of a row, for `aria-activedescendant`. */
export const rowId = (index: number) => `row-${index}`;

type Props = {
  index: number;
  /** Pixels from the top of the list's body. */
  top: number;
  columns: ListColumn[];
  /** Undefined until the row is read. */
  listed: Listed | undefined;
  active: boolean;
  open: boolean;
  selected: boolean;
  onToggle: (id: string) => void;
  onMenu: (at: Place) => void;
  onClick: (event: MouseEvent) => void;
  onContextMenu: (event: MouseEvent) => void;
};

export function ListRow({
  index,
  top,
  columns,
  listed,
  active,
  open,
  selected,
  onToggle,
  onMenu,
  ...mouse
}: Props) {
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
        {listed && <MenuButton label={listed.label} active={active} onMenu={onMenu} />}
      </div>
    </div>
  );
}

type MenuButtonProps = { label: string; active: boolean; onMenu: (at: Place) => void };

/** Tab reaches only the button of the active row. */
function MenuButton({ label, active, onMenu }: MenuButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={26}
      tabIndex={active ? 0 : -1}
      aria-label={`Actions for ${label}`}
      aria-haspopup="menu"
      onClick={(event) => {
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        onMenu({ x: box.left, y: box.bottom });
      }}
    >
      <IconDots size={15} stroke={1.6} />
    </ActionIcon>
  );
}
