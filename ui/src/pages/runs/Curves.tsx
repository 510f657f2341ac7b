import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { formatMeasure, formatNumber } from "../../format/numbers";
import type { Line } from "./curves";
import css from "./Runs.module.css";

const CurveChart = lazy(() => import("./CurveChart"));

type Props = { lines: Line[]; logarithmic?: boolean };

/** Curves over the steps, with a text for screen readers. */
export function Curves({ lines, logarithmic = false }: Props) {
  return (
    <figure className={css.chart} role="img" aria-label={said(lines)}>
      <Suspense fallback={<Skeleton height="100%" />}>
        <CurveChart lines={lines} logarithmic={logarithmic} />
      </Suspense>
    </figure>
  );
}

function said(lines: Line[]): string {
  const sentences = lines.flatMap(({ label, points }) => {
    const measured = points.filter(({ value }) => value !== null);
    const [first, last] = [measured[0], measured.at(-1)];
    if (!first || !last) return [];
    return [
      `${label}: ${formatMeasure(first.value)} at step ${formatNumber(first.step)}, ${formatMeasure(last.value)} at step ${formatNumber(last.step)}.`,
    ];
  });
  return sentences.join(" ") || "Nothing is measured yet.";
}
