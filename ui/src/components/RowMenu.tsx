import { ActionIcon, Kbd, Menu } from "@mantine/core";
import { IconDots, type IconProps } from "@tabler/icons-react";
import { type ComponentType, useEffect } from "react";
import { focusPage, isFocusLost } from "./focus";

export type RowAction = {
  label: string;
  icon: ComponentType<IconProps>;
  keys?: string;
  danger?: boolean;
  run: () => void;
};

function Items({ actions }: { actions: RowAction[] }) {
  return actions.map(({ label, icon: Icon, keys, danger, run }) => (
    <Menu.Item
      key={label}
      color={danger ? "red" : undefined}
      leftSection={<Icon size={15} stroke={1.6} />}
      rightSection={keys && <Kbd size="xs">{keys}</Kbd>}
      onClick={run}
    >
      {label}
    </Menu.Item>
  ));
}

/** The menu of a row behind a button. */
export function RowMenuButton({ actions, label }: { actions: RowAction[]; label: string }) {
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={label}>
          <IconDots size={15} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Items actions={actions} />
      </Menu.Dropdown>
    </Menu>
  );
}

export type Place = { x: number; y: number };

/** The menu of a row at a place of the window. */
export function RowMenuAt({
  at,
  actions,
  onClose,
}: {
  at: Place;
  actions: RowAction[];
  onClose: () => void;
}) {
  // The focus is in the menu when it closes.
  useEffect(() => () => queueMicrotask(() => isFocusLost() && focusPage()), []);
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={230} offset={2}>
      <Menu.Target>
        <div style={{ position: "fixed", left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Items actions={actions} />
      </Menu.Dropdown>
    </Menu>
  );
}
