import type { LengthReport, Method, PlannedRows } from "../../../bindings";
import { Facts } from "../../../components/Facts";
import { formatNumber, formatPart, formatPercent } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import css from "./Lengths.module.css";

type Props = { lengths: LengthReport; method: Method; rows: PlannedRows | null };

/** The figures of the rows, and what the limit makes of them. */
export function LengthFacts({ lengths, method, rows }: Props) {
  const { limit, over, dropped, padding, packing, left_out, left_out_first, estimated } = lengths;
  const counted = `${formatNumber(lengths.rows)}, with ${plural(lengths.tokens, "token")}`;
  const share = rows && rows.total > 0 ? rows.train / rows.total : 1;
  return (
    <div className={css.facts}>
      <Facts
        aligned
        facts={[
          { name: "Rows", value: counted },
          {
            name: "Shortest, longest",
            value: `${formatNumber(lengths.shortest)}, ${formatNumber(lengths.longest)}`,
          },
          { name: "Half of the rows up to", value: formatNumber(lengths.median) },
          { name: "95 of 100 up to", value: formatNumber(lengths.percentile_95) },
          { name: "99 of 100 up to", value: formatNumber(lengths.percentile_99) },
          { name: "Left out", value: left_out > 0 && `${plural(left_out, "row")}. ${left_out_first ?? ""}` },
          { name: "Estimated", value: estimated > 0 && `${plural(estimated, "row")} of over 1 MiB` },
        ]}
      />
      <Facts
        aligned
        facts={[
          {
            name: "Over the limit",
            value: limit !== null && `${plural(over, "row")} (${formatPart(over, lengths.rows)})`,
          },
          { name: "Of these dropped", value: limit !== null && over > 0 && droppedText(dropped, method) },
          {
            name: "Tokens an epoch",
            value: `${share < 1 ? "about " : ""}${formatNumber(Math.round(lengths.epoch_tokens * share))}`,
          },
          {
            name: "Padding",
            title: "The part of each batch that fills short rows up",
            value: `${formatPercent(padding.wasted ?? 0)} in batches of ${formatNumber(padding.batch)}`,
          },
          {
            name: "With packing",
            title: "Rows put together up to the limit, with the setting packing",
            value:
              packing &&
              `${plural(packing.packs, "pack")}, ${formatPercent(packing.wasted ?? 0)} of their room empty`,
          },
        ]}
      />
    </div>
  );
}

function droppedText(dropped: number, method: Method): string {
  if (dropped === 0) return "none: the others are cut";
  const why =
    method === "reward" ? "an answer would be cut" : "nothing that is learned lies within the limit";
  return `${plural(dropped, "row")}: ${why}`;
}
