import { Skeleton, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { LengthReport } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import css from "./Lengths.module.css";

const LengthChart = lazy(() => import("./LengthChart"));

/** Rows by their length, with the limit, and a text for screen readers. */
export function LengthBars({ lengths }: { lengths: LengthReport }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        Rows by their length in tokens
      </Text>
      <figure className={css.chart} role="img" aria-label={said(lengths)}>
        <Suspense fallback={<Skeleton height="100%" />}>
          <LengthChart histogram={lengths.histogram} limit={lengths.limit} />
        </Suspense>
      </figure>
    </div>
  );
}

function said({ rows, shortest, median, longest, percentile_95, limit, over }: LengthReport): string {
  const spread = `${plural(rows, "row")} of ${formatNumber(shortest)} to ${formatNumber(longest)} tokens; half have up to ${formatNumber(median)}, 95 of 100 up to ${formatNumber(percentile_95)}.`;
  return limit === null
    ? spread
    : `${spread} ${plural(over, "row")} exceed the limit of ${formatNumber(limit)}.`;
}
