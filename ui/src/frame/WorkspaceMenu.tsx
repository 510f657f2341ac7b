import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconFileDatabase, IconFilePlus, IconFolderOpen, IconSelector } from "@tabler/icons-react";
import { useWorkspace } from "../api/store";
import { PathText } from "../components/PathText";
import { useSwitchWorkspace } from "../components/useSwitchWorkspace";
import css from "./Frame.module.css";

export function WorkspaceMenu({ collapsed }: { collapsed: boolean }) {
  const { data: workspace } = useWorkspace();
  const { openPath, openAnother, openNew } = useSwitchWorkspace();
  const others = workspace?.recent.filter((path) => path !== workspace.path) ?? [];
  return (
    <Menu position="top-start" width={300}>
      <Menu.Target>
        <UnstyledButton className={css.item} aria-label={`Workspace ${workspace?.name ?? ""}`}>
          <IconFileDatabase size={17} stroke={1.6} aria-hidden />
          {!collapsed && <span className={css.name}>{workspace?.name ?? "No workspace"}</span>}
          {!collapsed && <IconSelector size={14} stroke={1.6} aria-hidden />}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {workspace && (
          <Text size="xs" c="dimmed" px="sm" py={6} style={{ overflowWrap: "anywhere" }}>
            {workspace.path}
          </Text>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconFolderOpen size={16} stroke={1.6} />} onClick={openAnother}>
          Open another…
        </Menu.Item>
        <Menu.Item leftSection={<IconFilePlus size={16} stroke={1.6} />} onClick={openNew}>
          New…
        </Menu.Item>
        {others.length > 0 && <Menu.Divider />}
        {others.length > 0 && <Menu.Label>Recent</Menu.Label>}
        {others.slice(0, 6).map((path) => (
          <Menu.Item key={path} onClick={() => openPath(path)}>
            <PathText path={path} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
