import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { NotFound } from "./components/NotFound";
import { Frame } from "./frame/Frame";
import { DatabasePage } from "./pages/database/DatabasePage";
import { DeletedPage } from "./pages/deleted/DeletedPage";
import { HomePage } from "./pages/home/HomePage";
import { hubAddress } from "./pages/hub/search";
import { LineageRoute } from "./pages/lineage/LineagePage";
import { ResourceRoute } from "./pages/resource/ResourcePage";
import { SettingsPage } from "./pages/settings/SettingsPage";

/** The part of a list's address after the question mark. */
export type ListSearch = {
  /** The row in the detail panel. */
  id?: string;
  q?: string;
  sort?: string;
  desc?: boolean;
  filters?: Record<string, string>;
};

function listSearch(raw: Record<string, unknown>): ListSearch {
  const text = (value: unknown) => (value === undefined || value === "" ? undefined : String(value));
  const filters = raw.filters && typeof raw.filters === "object" ? Object.entries(raw.filters) : [];
  return {
    id: text(raw.id),
    q: text(raw.q),
    sort: text(raw.sort),
    desc: raw.desc === true ? true : undefined,
    filters: filters.length
      ? Object.fromEntries(filters.map(([column, value]) => [column, String(value)]))
      : undefined,
  };
}

/** Ids of the rows that a page starts with, by parameter. */
function chosen<Name extends string>(...names: Name[]) {
  return (raw: Record<string, unknown>): { [name in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) =>
        raw[name] === undefined || raw[name] === "" ? [] : [[name, String(raw[name])]],
      ),
    ) as { [name in Name]?: string };
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
const home = createRoute({ getParentRoute: () => root, path: "/", component: HomePage });
const database = createRoute({ getParentRoute: () => root, path: "/database", component: DatabasePage });
const deleted = createRoute({ getParentRoute: () => root, path: "/deleted", component: DeletedPage });
const lineage = createRoute({
  getParentRoute: () => root,
  path: "/lineage/$table/$id",
  component: LineageRoute,
});
const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage });
const transfers = createRoute({
  getParentRoute: () => root,
  path: "/transfers",
  component: lazyRouteComponent(() => import("./pages/transfers/TransfersPage"), "TransfersPage"),
});
const startTraining = createRoute({
  getParentRoute: () => root,
  path: "/training/start",
  validateSearch: chosen("dataset", "model", "prompt", "copy"),
  component: lazyRouteComponent(() => import("./pages/training/StartTraining"), "StartTraining"),
});
const startEvaluation = createRoute({
  getParentRoute: () => root,
  path: "/evaluation/start",
  validateSearch: chosen("dataset", "model", "prompt", "adapter", "copy"),
  component: lazyRouteComponent(() => import("./pages/evaluation/StartEvaluation"), "StartEvaluation"),
});
const trial = createRoute({
  getParentRoute: () => root,
  path: "/try",
  validateSearch: chosen("model", "adapter"),
  component: lazyRouteComponent(() => import("./pages/trial/TryPage"), "TryPage"),
});
const exporting = createRoute({
  getParentRoute: () => root,
  path: "/export",
  validateSearch: chosen("model", "adapter", "dataset"),
  component: lazyRouteComponent(() => import("./pages/export/ExportPage"), "ExportPage"),
});
const hub = createRoute({
  getParentRoute: () => root,
  path: "/hub",
  validateSearch: hubAddress,
  component: lazyRouteComponent(() => import("./pages/hub/HubPage"), "HubPage"),
});
const serve = createRoute({
  getParentRoute: () => root,
  path: "/serve",
  validateSearch: chosen("model", "adapter"),
  component: lazyRouteComponent(() => import("./pages/serve/ServePage"), "ServePage"),
});
const compute = createRoute({
  getParentRoute: () => root,
  path: "/compute",
  component: lazyRouteComponent(() => import("./pages/compute/ComputePage"), "ComputePage"),
});
const compareRuns = createRoute({
  getParentRoute: () => root,
  path: "/runs/compare",
  validateSearch: chosen("ids"),
  component: lazyRouteComponent(() => import("./pages/runs/ComparePage"), "ComparePage"),
});
const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$id",
  component: lazyRouteComponent(() => import("./pages/runs/RunPage"), "RunRoute"),
});
const resource = createRoute({
  getParentRoute: () => root,
  path: "/$table",
  validateSearch: listSearch,
  component: ResourceRoute,
});

export function createAppRouter(history: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([
      home,
      database,
      deleted,
      lineage,
      settings,
      transfers,
      startTraining,
      startEvaluation,
      trial,
      exporting,
      hub,
      serve,
      compute,
      compareRuns,
      run,
      resource,
    ]),
    history,
    defaultStructuralSharing: true,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
