import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import type { LengthBin } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";

type Props = { histogram: LengthBin[]; limit: number | null };

/** Loaded by `LengthBars`; use that one. */
export default function LengthChart({ histogram, limit }: Props) {
  const most = limit ?? Number.POSITIVE_INFINITY;
  const at = histogram.find(({ to }) => to >= most);
  return (
    <BarChart
      h="100%"
      type="stacked"
      data={histogram.map((bin) => ({
        length: named(bin),
        within: bin.from > most ? 0 : bin.rows,
        over: bin.from > most ? bin.rows : 0,
      }))}
      dataKey="length"
      series={[
        { name: "within", label: "Rows", color: "indigo.5" },
        { name: "over", label: "Rows over the limit", color: "orange.6" },
      ]}
      referenceLines={
        at && limit !== null
          ? [
              {
                x: named(at),
                label: `Limit ${formatNumber(limit)}`,
                color: "var(--warning)",
                labelPosition: "insideTopRight",
              },
            ]
          : []
      }
      tickLine="none"
      gridAxis="x"
      gridColor="var(--line)"
      textColor="var(--mantine-color-dimmed)"
      valueFormatter={formatNumber}
      barProps={{ isAnimationActive: false }}
      tooltipAnimationDuration={0}
      xAxisProps={{ height: 30, minTickGap: 24 }}
      yAxisProps={{ width: 60, allowDecimals: false, tickFormatter: (rows: number) => formatNumber(rows) }}
    />
  );
}

function named({ from, to }: LengthBin): string {
  return from === to ? formatNumber(from) : `${formatNumber(from)}–${formatNumber(to)}`;
}
