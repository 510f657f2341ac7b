import {
  IconCloudSearch,
  IconCpu,
  IconDatabase,
  IconHome,
  IconServer2,
  IconSettings,
  IconTransfer,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { TABLES } from "../../api/tables";
import { icons } from "../../bindings/icons";
import type { Entry } from "./entries";

export function usePageEntries(): Entry[] {
  const navigate = useNavigate();
  return [
    { id: "home", label: "Home", icon: IconHome, run: () => void navigate({ to: "/" }) },
    ...TABLES.map((table) => ({
      id: table.name,
      label: table.title,
      icon: icons[table.name],
      run: () => void navigate({ to: "/$table", params: { table: table.name } }),
    })),
    { id: "hub", label: "Hub", icon: IconCloudSearch, run: () => void navigate({ to: "/hub" }) },
    {
      id: "transfers",
      label: "Transfers",
      icon: IconTransfer,
      run: () => void navigate({ to: "/transfers" }),
    },
    { id: "serve", label: "Serve", icon: IconServer2, run: () => void navigate({ to: "/serve" }) },
    { id: "compute", label: "Compute", icon: IconCpu, run: () => void navigate({ to: "/compute" }) },
    { id: "database", label: "Database", icon: IconDatabase, run: () => void navigate({ to: "/database" }) },
    { id: "deleted", label: "Deleted", icon: IconTrash, run: () => void navigate({ to: "/deleted" }) },
    { id: "settings", label: "Settings", icon: IconSettings, run: () => void navigate({ to: "/settings" }) },
  ];
}
