import { Anchor, Group, Switch, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RunComparison } from "../../bindings";
import { Panel } from "../../components/Panel";
import { formatMeasure } from "../../format/numbers";
import { labelOf, methods } from "../../resources/jobs/choices/options";
import css from "./Compare.module.css";
import { Curves } from "./Curves";
import { hasLogarithm, type Line } from "./curves";
import { MeasureChoice } from "./MeasureChoice";
import { heldBackName, measureName, measuresOf } from "./measures";
import runs from "./Runs.module.css";

/** Distinguishable in both themes. A run keeps its color in every chart. */
const colors = ["indigo.5", "orange.6", "teal.6", "grape.5", "red.6", "cyan.7", "lime.8", "pink.5"];
const color = (at: number) => colors[at % colors.length] ?? "gray.6";

/** The curves of one measure for all runs. */
export function ComparedCurves({ comparison }: { comparison: RunComparison }) {
  const [chosen, setChosen] = useState("loss");
  const [logarithmic, setLogarithmic] = useState(false);
  const points = (at: number, name: string) =>
    comparison.series[at]?.find((series) => series.name === name)?.points ?? [];
  const there = measuresOf(comparison.series);
  if (there.length === 0) return null;
  const measure = there.includes(chosen) ? chosen : (there[0] ?? "loss");
  const trained = comparison.runs.map(
    ({ id, name }, at): Line => ({ key: id, label: name, color: color(at), points: points(at, measure) }),
  );
  const heldBack = comparison.runs.map(
    ({ id, name }, at): Line => ({
      key: heldBackName(id),
      label: `${name}, held-back rows`,
      color: color(at),
      dashed: true,
      points: points(at, heldBackName(measure)),
    }),
  );
  const lines = [...trained, ...heldBack].filter(({ points }) => points.length > 0);
  return (
    <Panel
      title="Curves"
      action={
        <Group gap={12}>
          <MeasureChoice
            choices={there.map((name) => ({ value: name, label: measureName(name) }))}
            value={measure}
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
      }
    >
      <div className={css.chart}>
        <Curves lines={lines} logarithmic={logarithmic && hasLogarithm(lines)} />
      </div>
      <ul className={css.legend} aria-label="Runs">
        {trained.map(({ key, label, color, points }, at) => (
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
              {lastValues(points, heldBack[at]?.points ?? []) ?? notMeasured(methodOf(comparison, at))}
            </Text>
          </li>
        ))}
      </ul>
      {heldBack.some(({ points }) => points.length > 0) && (
        <Text size="xs" c="dimmed" mt={4}>
          Dashed lines are measured on held-back rows.
        </Text>
      )}
    </Panel>
  );
}

/** The last values of a run: of its training, and of held-back rows. */
function lastValues(trained: Line["points"], heldBack: Line["points"]): string | null {
  const values = [
    trained.length > 0 && formatMeasure(trained.at(-1)?.value),
    heldBack.length > 0 && `${formatMeasure(heldBack.at(-1)?.value)} held back`,
  ].filter(Boolean);
  return values.length > 0 ? values.join(", ") : null;
}

/** The method of a run; null where all have the same. */
function methodOf({ settings }: RunComparison, at: number): string | null {
  const method = settings.find(({ path }) => path === "method")?.values[at];
  return typeof method === "string" ? method : null;
}

function notMeasured(method: string | null): string {
  return method ? `not measured: ${labelOf(methods, method)}` : "not measured";
}
