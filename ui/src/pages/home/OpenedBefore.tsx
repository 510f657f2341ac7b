import { UnstyledButton } from "@mantine/core";
import { IconFileDatabase } from "@tabler/icons-react";
import type { OpenWorkspace } from "../../bindings";
import { Panel } from "../../components/Panel";
import { useSwitchWorkspace } from "../../components/useSwitchWorkspace";
import css from "./Home.module.css";

const shown = 5;

/** The workspaces that were opened before. */
export function OpenedBefore({ workspace: { path: current, recent } }: { workspace: OpenWorkspace }) {
  const { openPath } = useSwitchWorkspace();
  const others = recent.filter((path) => path !== current).slice(0, shown);
  if (others.length === 0) return null;
  return (
    <Panel title="Opened before">
      <ul className={css.list}>
        {others.map((path) => (
          <li key={path}>
            <UnstyledButton className={css.change} w="calc(100% + 16px)" onClick={() => openPath(path)}>
              <IconFileDatabase size={17} stroke={1.6} aria-hidden />
              <span className={css.name} style={{ gridColumn: "2 / -1" }} title={path}>
                {path}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
