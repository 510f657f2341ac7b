import { LineChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { formatMeasure, formatNumber } from "../../format/numbers";
import { type Line, records, ticks } from "./curves";

type Props = { lines: Line[]; logarithmic: boolean };

/** Measurements up to which a curve has dots. A single one would be invisible without. */
const FEW = 40;

/** Loaded by `Curves`; use that one. */
export default function CurveChart({ lines, logarithmic }: Props) {
  const last = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.step ?? 0));
  const values = lines.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const bottom = Math.min(0, ...values) * 1.05;
  const top = Math.max(0, ...values) * 1.05 || (bottom < 0 ? 0 : 1);
  const few = (name: string) => (lines.find(({ key }) => key === name)?.points.length ?? 0) <= FEW;
  return (
    <LineChart
      h="100%"
      data={records(lines, logarithmic)}
      dataKey="step"
      series={lines.map(({ key, label, color, dashed }) => ({
        name: key,
        label,
        color,
        strokeDasharray: dashed ? "5 4" : undefined,
      }))}
      curveType="linear"
      withDots={false}
      connectNulls
      strokeWidth={1.75}
      tickLine="none"
      gridAxis="x"
      gridColor="var(--line)"
      textColor="var(--mantine-color-dimmed)"
      valueFormatter={formatMeasure}
      lineProps={({ name }) => ({ isAnimationActive: false, dot: few(name) ? { r: 2.5 } : false })}
      tooltipAnimationDuration={0}
      xAxisProps={{
        type: "number",
        domain: [0, last],
        ticks: ticks(last, 8).filter(Number.isInteger),
        tickFormatter: (step: number) => formatNumber(step),
        height: 30,
      }}
      yAxisProps={{
        scale: logarithmic ? "log" : "auto",
        domain: logarithmic ? ["auto", "auto"] : [bottom, top],
        ticks: logarithmic ? undefined : ticks(top, 5, bottom),
        allowDataOverflow: false,
        tickFormatter: shortFigure,
        width: 52,
      }}
    />
  );
}

/** A label of an axis, in three significant digits. */
function shortFigure(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}
