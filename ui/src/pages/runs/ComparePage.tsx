import { Button, Center, Loader, Text } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { toAppError } from "../../api/errors";
import { useRunComparison } from "../../api/runs";
import type { RunComparison } from "../../bindings";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import css from "./Compare.module.css";
import { ComparedCurves } from "./ComparedCurves";
import { ComparedResults } from "./ComparedResults";
import { RunsTable } from "./RunsTable";
import { groupOf, isTelling, settingName, settingText } from "./specification";

const TITLE = "Compare runs";

/** Compares runs: curves, results, and the settings that differ. */
export function ComparePage() {
  const { ids = "" } = useSearch({ from: "/runs/compare" });
  const wanted = ids.split(",").filter(Boolean);
  const { data, error, refetch } = useRunComparison(wanted);
  if (wanted.length < 2) {
    return (
      <Page title={TITLE}>
        <Text size="sm" mb={12}>
          Select two or more trainings in their list, then Compare.
        </Text>
        <div>
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/$table" params={{ table: "fine_tuning_jobs" }} {...props} />}
          >
            Go to Training
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page title={TITLE} about="Curves over each other, the results, and only the settings that differ.">
      {error && !data && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!error && !data && (
        <Center h={160}>
          <Loader size="sm" aria-label="Comparing the runs" />
        </Center>
      )}
      {data && (
        <div className={css.parts}>
          <ComparedCurves comparison={data} />
          <ComparedResults comparison={data} />
          <DifferingSettings comparison={data} />
        </div>
      )}
    </Page>
  );
}

/** The settings that differ between the runs, in the order of the specification. */
function DifferingSettings({ comparison: { runs, settings } }: { comparison: RunComparison }) {
  const shown = settings.filter(({ path }) => isTelling(path));
  return (
    <Panel title="Settings that differ" about={shown.length === 0 ? "All settings are the same." : undefined}>
      {shown.length > 0 && (
        <RunsTable
          corner="Setting"
          runs={runs}
          lines={shown.map(({ path, values }) => ({
            id: path,
            title: path,
            head: (
              <>
                {settingName(path)}{" "}
                <Text span size="xs" c="dimmed">
                  {groupOf(path)}
                </Text>
              </>
            ),
            values: values.map((value) => settingText(path, value)),
          }))}
        />
      )}
    </Panel>
  );
}
