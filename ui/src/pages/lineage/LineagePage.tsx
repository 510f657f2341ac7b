import { Button, Center, Loader, SegmentedControl, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { toAppError } from "../../api/errors";
import { useLineage } from "../../api/lineage";
import { isTableName, tableOf } from "../../api/tables";
import type { TableName } from "../../bindings";
import { NotFound } from "../../components/NotFound";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { LineageList } from "./LineageList";

const LineageGraph = lazy(() => import("./LineageGraph"));

export function LineageRoute() {
  const { table, id } = useParams({ from: "/lineage/$table/$id" });
  return isTableName(table) ? <LineagePage key={`${table} ${id}`} table={table} id={id} /> : <NotFound />;
}

/** The lineage of a row as a picture or as a list. */
function LineagePage({ table, id }: { table: TableName; id: string }) {
  const [view, setView] = useLocalStorage({ key: "lineage-view", defaultValue: "picture" });
  const { data, error, refetch } = useLineage(table, id);
  const label = data?.nodes[0]?.label ?? "";
  const waiting = (
    <Center h={160}>
      <Loader size="sm" aria-label="Following the references" />
    </Center>
  );
  return (
    <Page
      title={`Lineage of ${label || `this ${tableOf(table).singular}`}`}
      about="The rows it comes from are on its left, the rows made from it on its right. Choose a row to continue from there."
      scrolls={view === "list"}
      actions={
        <>
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            aria-label="How to show it"
            data={[
              { value: "picture", label: "Picture" },
              { value: "list", label: "List" },
            ]}
          />
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/$table" params={{ table }} search={{ id }} {...props} />}
          >
            Open {tableOf(table).singular}
          </Button>
        </>
      }
    >
      {error && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!data && !error && waiting}
      {data && data.nodes.length === 1 && (
        <Text size="sm" c="dimmed" mb={8}>
          It refers to no other row, and no row refers to it.
        </Text>
      )}
      {data && view === "list" && <LineageList lineage={data} />}
      {data && view !== "list" && (
        <Suspense fallback={waiting}>
          <LineageGraph lineage={data} />
        </Suspense>
      )}
    </Page>
  );
}
