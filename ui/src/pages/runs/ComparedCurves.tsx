import { Anchor, Group, SegmentedControl, Switch, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RunComparison } from "../../bindings";
import { Panel } from "../../components/Panel";
import { formatMeasure } from "../../format/numbers";
import css from "./Compare.module.css";
import { Curves } from "./Curves";
import type { Line } from "./curves";
import { measureName } from "./measureName";
import runs from "./Runs.module.css";

/** Distinguishable in both themes. A run keeps its color in every chart. */
const colors = ["indigo.5", "orange.6", "teal.6", "grape.5", "red.6", "cyan.7", "lime.8", "pink.5"];
const color = (at: number) => colors[at % colors.length] ?? "gray.6";

const offered = ["loss", "eval_loss", "learning_rate", "grad_norm"];

/** The curves of one measure for all runs. */
export function ComparedCurves({ comparison }: { comparison: RunComparison }) {
  const [chosen, setChosen] = useState("loss");
  const [logarithmic, setLogarithmic] = useState(false);
  const points = (at: number, name: string) =>
    comparison.series[at]?.find((series) => series.name === name)?.points ?? [];
  const there = offered.filter((name) => comparison.runs.some((_, at) => points(at, name).length > 0));
  if (there.length === 0) return null;
  const measure = there.includes(chosen) ? chosen : (there[0] ?? "loss");
  const lines = comparison.runs.map(
    ({ id, name }, at): Line => ({ key: id, label: name, color: color(at), points: points(at, measure) }),
  );
  return (
    <Panel
      title="Curves"
      action={
        <Group gap={12}>
          <SegmentedControl
            size="xs"
            aria-label="What is drawn"
            data={there.map((name) => ({ value: name, label: measureName(name) }))}
            value={measure}
            onChange={setChosen}
          />
          <Switch
            size="xs"
            label="Logarithmic"
            checked={logarithmic}
            onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
          />
        </Group>
      }
    >
      <div className={css.chart}>
        <Curves lines={lines} logarithmic={logarithmic} />
      </div>
      <ul className={css.legend} aria-label="Runs">
        {lines.map(({ key, label, color, points }) => (
          <li key={key}>
            <span
              className={runs.swatch}
              style={{ background: `var(--mantine-color-${color.replace(".", "-")})` }}
            />
            <Anchor
              inherit
              underline="always"
              renderRoot={(props) => <Link to="/runs/$id" params={{ id: key }} {...props} />}
            >
              {label}
            </Anchor>{" "}
            <Text span inherit c="dimmed" className="tabular">
              {points.length > 0 ? formatMeasure(points.at(-1)?.value) : "not measured"}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
