import { Center, Group, Switch, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useId } from "react";
import type { Method, Series } from "../../bindings";
import { formatMeasure } from "../../format/numbers";
import { Curves } from "./Curves";
import { hasLogarithm, type Line } from "./curves";
import { MeasureChoice } from "./MeasureChoice";
import { firstViews, measureName, type View, viewsOf } from "./measures";
import css from "./Runs.module.css";

const colors = ["indigo.5", "orange.6", "teal.6", "grape.5"];

/** The charts that a method is followed by, side by side. */
const OVERVIEW = "overview";

type Props = { series: Series[]; method: Method; waiting: string };

/** The curves of a training. */
export function CurvePanel({ series, method, waiting }: Props) {
  const id = useId();
  // What is worth a look depends on the method.
  const [chosen, setChosen] = useLocalStorage({ key: `run-curve-${method}`, defaultValue: "" });
  const [logarithmic, setLogarithmic] = useLocalStorage({ key: "run-curve-log", defaultValue: false });
  const there = viewsOf(series);
  const first = firstViews(method, series);
  const several = first.length > 1;
  const single = there.find(({ value }) => value === chosen);
  const overview = several && (chosen === OVERVIEW || !single);
  const shown = overview ? first : [single ?? there[0]].filter((view) => view !== undefined);
  const charts = shown.map((view) => ({ view, lines: linesOf(view, series) }));
  const lines = charts.flatMap(({ lines }) => lines);
  return (
    <section className={css.curves} aria-labelledby={id}>
      <Group justify="space-between" mb={8} gap={8}>
        <Title order={2} id={id}>
          Curves
        </Title>
        {charts.length > 0 && (
          <Group gap={12}>
            <MeasureChoice
              choices={[...(several ? [{ value: OVERVIEW, label: "Overview" }] : []), ...there]}
              value={overview ? OVERVIEW : (shown[0]?.value ?? "")}
              onChoose={setChosen}
            />
            {hasLogarithm(lines) && (
              <Switch
                size="xs"
                label="Logarithmic"
                checked={logarithmic}
                onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
              />
            )}
          </Group>
        )}
      </Group>
      {lines.length === 0 ? (
        <Center flex={1}>
          <Text size="sm" c="dimmed">
            {waiting}
          </Text>
        </Center>
      ) : (
        <div className={css.charts}>
          {charts.map(({ view, lines }) => (
            <Chart
              key={view.value}
              title={overview ? view.label : undefined}
              lines={lines}
              logarithmic={logarithmic && hasLogarithm(lines)}
            />
          ))}
        </div>
      )}
    </section>
  );
}

/** The curves of a chart for which there are measurements. */
function linesOf(view: View, series: Series[]): Line[] {
  return view.series.flatMap((name, at) => {
    const points = series.find((one) => one.name === name)?.points ?? [];
    const line = { key: name, label: measureName(name), color: colors[at] ?? "gray", points };
    return points.length > 0 ? [line] : [];
  });
}

type ChartProps = { title: string | undefined; lines: Line[]; logarithmic: boolean };

function Chart({ title, lines, logarithmic }: ChartProps) {
  return (
    <div className={css.one}>
      {title && (
        <Text size="xs" fw={600} mb={4}>
          {title}
        </Text>
      )}
      <Curves lines={lines} logarithmic={logarithmic} />
      <Group gap={16} mt={4}>
        {lines.map(({ key, label, color, points }) => (
          <Text key={key} size="xs" className="tabular">
            <span
              className={css.swatch}
              style={{ background: `var(--mantine-color-${color.replace(".", "-")})` }}
            />
            {label} {formatMeasure(points.at(-1)?.value)}
          </Text>
        ))}
      </Group>
    </div>
  );
}
