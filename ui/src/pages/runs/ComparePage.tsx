import { Button, Center, Loader, Table, Text } from "@mantine/core";
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
import { groupOf, settingName, valueWords } from "./specification";

const TITLE = "Compare runs";

/** Several runs held against each other: curves, results, and only the settings that differ. */
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

/** Only the settings that are not the same in all runs, in the order of the specification. */
function DifferingSettings({ comparison: { runs, settings } }: { comparison: RunComparison }) {
  const shown = settings.filter(({ path }) => !path.endsWith(".id") && path !== "id" && path !== "name");
  return (
    <Panel title="Settings that differ" about={shown.length === 0 ? "All settings are the same." : undefined}>
      {shown.length > 0 && (
        <div className={css.scroll}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Setting</Table.Th>
                {runs.map(({ id, name }) => (
                  <Table.Th key={id}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ path, values }) => (
                <Table.Tr key={path}>
                  <Table.Th scope="row" title={path}>
                    {settingName(path)}{" "}
                    <Text span size="xs" c="dimmed">
                      {groupOf(path)}
                    </Text>
                  </Table.Th>
                  {values.map((value, at) => (
                    <Table.Td key={runs[at]?.id ?? path} className="tabular">
                      {valueWords(value)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Panel>
  );
}
