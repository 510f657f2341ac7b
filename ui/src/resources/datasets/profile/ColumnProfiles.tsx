import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { type FileSource, profileDataset } from "../../../api/datasetFiles";
import type { ColumnProfile, Profile } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import { valueKindLabels } from "../labels";
import { useWholeFile } from "../useWholeFile";
import { WholeFileState } from "../WholeFileState";
import { CommonValues } from "./CommonValues";
import { distinctText, filledText, hasSpread, lengthText } from "./columnFigures";
import { HistogramBars } from "./HistogramBars";
import css from "./profile.module.css";

/** Columns shown at most: a file of rows with different keys may have thousands. */
const most = 200;

export function useProfile(source: FileSource, stamp: string, when: boolean) {
  return useWholeFile<Profile>("profile", source, stamp, profileDataset, when);
}

type Props = {
  profile: ReturnType<typeof useProfile>;
  /** Shown until every row was read. */
  meanwhile?: ReactNode;
};

/** Statistics of each column over all rows. */
export function ColumnProfiles({ profile: { state, start, cancel }, meanwhile }: Props) {
  if (state.status !== "done") {
    return (
      <>
        <WholeFileState state={state} label="Reading every value" onStop={cancel} onAgain={start} />
        {meanwhile}
      </>
    );
  }
  const { columns, rows } = state.result;
  return (
    <Stack gap="xs" className={css.profile}>
      <Text size="xs" c="dimmed">
        {plural(columns.length, "column")}, by all {plural(rows, "row")}
      </Text>
      <ul className={css.columns} aria-label="Columns">
        {columns.slice(0, most).map((column, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
          <Column key={at} column={column} rows={rows} />
        ))}
      </ul>
      {columns.length > most && (
        <Text c="dimmed" size="sm">
          The first {most} of {formatNumber(columns.length)} columns are shown.
        </Text>
      )}
    </Stack>
  );
}

function Column({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { name, kind, filled, distinct, lengths, commonest, histogram } = column;
  const facts = [
    { term: "Filled", says: filledText(filled, rows), part: rows > 0 ? filled / rows : 0 },
    { term: "Different", says: distinctText(distinct) },
    ...(lengths ? [{ term: "Length", says: lengthText(lengths) }] : []),
  ];
  return (
    <li className={css.column} aria-label={name || "No name"}>
      <div className={css.facts}>
        <div className={css.name}>
          {name || "No name"} <span>{valueKindLabels[kind]}</span>
        </div>
        <dl>
          {facts.map(({ term, says, part }) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>
                {says}
                {part !== undefined && (
                  <span className={css.track} aria-hidden>
                    <span style={{ width: `${part * 100}%` }} />
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {histogram && hasSpread(histogram) && <HistogramBars histogram={histogram} kind={kind} />}
      {commonest.values.length > 0 && <CommonValues commonest={commonest} rows={filled} />}
    </li>
  );
}
