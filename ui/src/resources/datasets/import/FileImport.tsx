import { Badge, Center, Group, Loader, Tabs, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { toAppError } from "../../../api/errors";
import { useTask } from "../../../api/useTask";
import { type Created, commands, type Scan } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { amount } from "../../../components/words";
import { PreviewGrid } from "../preview/PreviewGrid";
import { fileName, formatWords } from "../words";
import { ColumnList } from "./ColumnList";
import css from "./FileImport.module.css";
import { NameAndImport } from "./NameAndImport";
import { ProblemList } from "./ProblemList";
import { ReadingStrip } from "./ReadingStrip";
import { Unreadable } from "./Unreadable";

const firstRows = 50;

type Props = {
  path: string;
  /** What leaving this file is called: there may be others after it. */
  leaveLabel: string;
  onImported: (created: Created, rows: number) => void;
  onLeave: () => void;
  onReplace: (path: string) => void;
  /** While a file is being imported, the dialog must stay. */
  onBusy: (busy: boolean) => void;
};

/** One file on its way to become a dataset: seen at once, read to its end meanwhile, then named and imported. */
export function FileImport({ path, leaveLabel, onImported, onLeave, onReplace, onBusy }: Props) {
  const first = useQuery({
    queryKey: ["file", path],
    queryFn: () => commands.previewDataset(path, 0, firstRows),
    // The file may have been mended since it was last looked at.
    gcTime: 0,
    retry: false,
  });
  const { state, run, cancel } = useTask<Scan>();
  const readable = first.isSuccess;
  const [chosenTab, setChosenTab] = useState<string | null>(null);

  useEffect(() => {
    if (readable) void run((task, onProgress) => commands.scanDataset(path, task, onProgress));
  }, [readable, path, run]);

  if (first.isPending) {
    return (
      <Center className={css.body}>
        <Loader size="sm" aria-label="Opening the file" />
      </Center>
    );
  }
  if (first.isError) {
    return (
      <Unreadable
        path={path}
        error={toAppError(first.error)}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
      />
    );
  }

  const preview = first.data;
  const scan = state.status === "done" ? state.result : null;
  const columns = scan?.columns ?? preview.columns;
  const problems = scan?.problems ?? preview.problems;
  const problemCount = scan ? scan.errors + scan.warnings : problems.length;
  const errors = scan ? scan.errors : problems.filter(({ severity }) => severity === "error").length;

  return (
    <div className={css.body}>
      <Group gap="sm" wrap="nowrap">
        <Text fw={600} style={{ whiteSpace: "nowrap" }}>
          {fileName(path)}
        </Text>
        <Badge variant="default" tt="none" style={{ flex: "none" }}>
          {formatWords[preview.type]}
        </Badge>
        <Text size="xs" c="dimmed" truncate title={path} className="selectable">
          {path}
        </Text>
      </Group>
      <ReadingStrip state={state} onCancel={cancel} onAgain={() => onReplace(path)} />
      {state.status === "failed" && <Refusal error={state.error} />}
      <Tabs
        // Whoever hasn't looked at anything else is shown what stands in the way.
        value={chosenTab ?? (errors > 0 ? "problems" : "rows")}
        onChange={setChosenTab}
        className={css.tabs}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="rows">First rows</Tabs.Tab>
          <Tabs.Tab value="columns" rightSection={<Count of={columns.length} />}>
            Columns
          </Tabs.Tab>
          <Tabs.Tab
            value="problems"
            leftSection={problemCount > 0 && <IconAlertTriangle size={16} color={problemColor(errors)} />}
            rightSection={<Count of={problemCount} />}
          >
            Problems
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows" className={css.panel}>
          <PreviewGrid columns={preview.columns} rows={preview.rows} offset={0} height="100%" />
        </Tabs.Panel>
        <Tabs.Panel value="columns" className={css.panel}>
          <ColumnList columns={columns} rows={scan?.rows ?? preview.rows.length} whole={scan !== null} />
        </Tabs.Panel>
        <Tabs.Panel value="problems" className={css.panel}>
          <ProblemList problems={problems} total={problemCount} whole={scan !== null} />
        </Tabs.Panel>
      </Tabs>
      <NameAndImport
        path={path}
        scan={scan}
        reading={state.status === "running"}
        errors={errors}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
        onImported={onImported}
        onBusy={onBusy}
      />
    </div>
  );
}

function problemColor(errors: number): string {
  return errors > 0 ? "var(--mantine-color-error)" : "var(--warning)";
}

function Count({ of }: { of: number }) {
  return (
    <Text span size="xs" c="dimmed" className="tabular">
      {amount(of)}
    </Text>
  );
}
