import { Center, Loader } from "@mantine/core";
import { toAppError } from "../../api/errors";
import { useWorkspace } from "../../api/store";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { Counts } from "./Counts";
import { ExampleHere } from "./ExampleHere";
import { FirstRun } from "./FirstRun";
import css from "./Home.module.css";
import { RecentChanges } from "./RecentChanges";
import { RunsNow } from "./RunsNow";
import { Welcome } from "./Welcome";
import { WorkspaceFile } from "./WorkspaceFile";

export function HomePage() {
  const { data: workspace, error, refetch } = useWorkspace();
  if (error) {
    return (
      <Page title="Home">
        <Refusal error={toAppError(error)} onRetry={refetch} />
      </Page>
    );
  }
  if (!workspace) {
    return (
      <Page title="Home">
        <Center h={160}>
          <Loader size="sm" aria-label="Opening the workspace" />
        </Center>
      </Page>
    );
  }
  if (workspace.counts.every(({ rows }) => rows === 0)) return <Welcome workspace={workspace} />;
  return (
    <Page title="Home" about="The contents of this workspace and the latest changes.">
      <div className={css.dashboard}>
        <Counts counts={workspace.counts} />
        <div className={css.columns}>
          <div className={css.aside}>
            <RunsNow />
            <RecentChanges counts={workspace.counts} />
          </div>
          <div className={css.aside}>
            <FirstRun counts={workspace.counts} />
            <ExampleHere />
            <WorkspaceFile workspace={workspace} />
          </div>
        </div>
      </div>
    </Page>
  );
}
