import { Center, Loader, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toAppError } from "../../../api/errors";
import { useTask } from "../../../api/useTask";
import { commands, type Scan } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { Pager } from "./Pager";
import { PreviewGrid } from "./PreviewGrid";

const pageSize = 50;

type Props = {
  datasetId: string;
  offset: number;
  onOffset: (offset: number) => void;
  height: number | string;
};

/** The rows of a dataset's file, from any row on. */
export function FileRows({ datasetId, offset, onOffset, height }: Props) {
  const page = useQuery({
    queryKey: ["store", "preview", datasetId, offset],
    queryFn: () => commands.previewDataset(datasetId, offset, pageSize),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const counting = useTask<Scan>();
  const [total, setTotal] = useState<number | null>(null);

  if (page.isPending) {
    return (
      <Center h={120}>
        <Loader size="sm" aria-label="Reading rows" />
      </Center>
    );
  }
  if (page.isError) {
    return <Refusal error={toAppError(page.error)} onRetry={() => page.refetch()} />;
  }

  const { path, columns, rows, end } = page.data;
  const known = total ?? (end && rows.length > 0 ? page.data.offset + rows.length : null);

  /** Where a file ends is known only to who has read it. */
  async function toLast() {
    const count =
      known ?? (await counting.run((task, listen) => commands.scanDataset(path, task, listen)))?.rows;
    if (count === undefined) return;
    setTotal(count);
    onOffset(Math.max(0, Math.floor((count - 1) / pageSize) * pageSize));
  }

  function go(to: number) {
    setTotal(known);
    onOffset(to);
  }

  return (
    <Stack gap="xs" h={height} mih={0}>
      {rows.length > 0 ? (
        <PreviewGrid
          key={page.data.offset}
          columns={columns}
          rows={rows}
          offset={page.data.offset}
          height="100%"
        />
      ) : (
        <Text size="sm" c="dimmed" flex={1}>
          {page.data.offset === 0 ? "The file has no rows." : "The file ends before this row."}
        </Text>
      )}
      {counting.state.status === "running" ? (
        <WorkProgress
          label="Looking for the last row"
          verb="read"
          progress={counting.state.progress}
          stopLabel="Stop"
          stopping={counting.state.cancelling}
          onStop={counting.cancel}
        />
      ) : (
        <Pager
          offset={page.data.offset}
          shown={rows.length}
          pageSize={pageSize}
          total={known}
          end={end}
          onOffset={go}
          onLast={toLast}
        />
      )}
      {counting.state.status === "failed" && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {counting.state.error.message}
        </Text>
      )}
    </Stack>
  );
}
