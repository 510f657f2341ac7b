import { Center, Group, Switch, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useId } from "react";
import type { Series } from "../../bindings";
import { formatMeasure } from "../../format/numbers";
import { Curves } from "./Curves";
import { hasLogarithm, type Line } from "./curves";
import { MeasureChoice } from "./MeasureChoice";
import { measureName, viewsOf } from "./measures";
import css from "./Runs.module.css";

const colors = ["indigo.5", "orange.6"];

/** The curves of a training. */
export function CurvePanel({ series, waiting }: { series: Series[]; waiting: string }) {
  const id = useId();
  const [chosen, setChosen] = useLocalStorage({ key: "run-curve", defaultValue: "loss" });
  const [logarithmic, setLogarithmic] = useLocalStorage({ key: "run-curve-log", defaultValue: false });
  const named = (name: string) => series.find((one) => one.name === name && one.points.length > 0);
  const there = viewsOf(series);
  const view = there.find(({ value }) => value === chosen) ?? there[0];
  const lines: Line[] = (view?.series ?? []).flatMap((name, at) => {
    const points = named(name)?.points;
    return points ? [{ key: name, label: measureName(name), color: colors[at] ?? "gray", points }] : [];
  });
  return (
    <section className={css.curves} aria-labelledby={id}>
      <Group justify="space-between" mb={8} gap={8}>
        <Title order={2} id={id}>
          Curves
        </Title>
        {view && (
          <Group gap={12}>
            <MeasureChoice choices={there} value={view.value} onChoose={setChosen} />
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
        <>
          <Curves lines={lines} logarithmic={logarithmic && hasLogarithm(lines)} />
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
        </>
      )}
    </section>
  );
}
