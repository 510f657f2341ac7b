import { ActionIcon, Tooltip } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import {
  IconCloudSearch,
  IconCpu,
  IconDatabase,
  IconHome,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  type IconProps,
  IconServer2,
  IconSettings,
  IconTransfer,
  IconTrash,
} from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useWorkspace } from "../api/store";
import { tableOf } from "../api/tables";
import { isUnderWay, useTransfers } from "../api/transfers";
import { NAVIGATION_GROUPS, TABLES, type TableName } from "../bindings";
import { icons } from "../bindings/icons";
import { formatNumber } from "../format/numbers";
import css from "./Frame.module.css";
import { WorkspaceMenu } from "./WorkspaceMenu";

const groups = NAVIGATION_GROUPS.map(({ value, label }) => ({
  title: label,
  tables: TABLES.filter((table) => table.group === value).map((table) => table.name),
}));

/** In a narrower window the navigation starts collapsed. */
const NARROW = "(max-width: 1100px)";

export function Navigation() {
  const wide = useLocalStorage({ key: "navigation-collapsed", defaultValue: false });
  const narrow = useLocalStorage({ key: "navigation-collapsed-narrow", defaultValue: true });
  const [collapsed, setCollapsed] = useMediaQuery(NARROW) ? narrow : wide;
  const { data: workspace } = useWorkspace();
  const underWay = useTransfers().data?.filter(isUnderWay).length;
  const countOf = (table: TableName) => workspace?.counts.find((count) => count.table === table)?.rows;
  const Toggle = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;

  return (
    <nav className={css.navigation} data-collapsed={collapsed || undefined} aria-label="Pages">
      <div className={css.top}>
        {!collapsed && <span>Fine Tuning Studio</span>}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={collapsed ? "Expand navigation" : "Collapse navigation"}
          aria-expanded={!collapsed}
          onClick={() => setCollapsed(!collapsed)}
        >
          <Toggle size={18} stroke={1.6} />
        </ActionIcon>
      </div>
      <div className={css.pages}>
        <Item to="/" icon={IconHome} name="Home" collapsed={collapsed} />
        {groups.map((group) => (
          <div key={group.title}>
            <div className={css.group}>{group.title}</div>
            {group.tables.map((table) => (
              <Item
                key={table}
                to="/$table"
                params={{ table }}
                icon={icons[table]}
                name={tableOf(table).title}
                count={countOf(table)}
                collapsed={collapsed}
              />
            ))}
          </div>
        ))}
        <div className={css.group}>Studio</div>
        <Item to="/hub" icon={IconCloudSearch} name="Hub" collapsed={collapsed} />
        <Item to="/transfers" icon={IconTransfer} name="Transfers" count={underWay} collapsed={collapsed} />
        <Item to="/serve" icon={IconServer2} name="Serve" collapsed={collapsed} />
        <Item to="/compute" icon={IconCpu} name="Compute" collapsed={collapsed} />
        <Item to="/database" icon={IconDatabase} name="Database" collapsed={collapsed} />
        <Item to="/deleted" icon={IconTrash} name="Deleted" collapsed={collapsed} />
        <Item to="/settings" icon={IconSettings} name="Settings" collapsed={collapsed} />
      </div>
      <div className={css.bottom}>
        <WorkspaceMenu collapsed={collapsed} />
      </div>
    </nav>
  );
}

type ItemProps = Pick<LinkProps, "to" | "params"> & {
  icon: ComponentType<IconProps>;
  name: string;
  count?: number;
  collapsed: boolean;
};

function Item({ to, params, icon: Icon, name, count, collapsed }: ItemProps) {
  return (
    <Tooltip label={name} position="right" disabled={!collapsed}>
      <Link
        to={to}
        params={params}
        className={css.item}
        activeOptions={{ exact: to === "/", includeSearch: false }}
        aria-label={collapsed ? name : undefined}
      >
        <Icon size={17} stroke={1.6} aria-hidden />
        {!collapsed && <span className={css.name}>{name}</span>}{" "}
        {!collapsed && !!count && <span className={css.count}>{formatNumber(count)}</span>}
      </Link>
    </Tooltip>
  );
}
