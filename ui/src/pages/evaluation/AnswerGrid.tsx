import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { EvaluationResults, ResultRow } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { formatSetting } from "../../format/settings";
import { AnswerCell } from "./AnswerCell";
import { columnName } from "./combinationName";
import css from "./Evaluation.module.css";

type Props = { results: EvaluationResults; differences: boolean };

/** A row for each example: prompt, expected answer, and the answer of each model or adapter. */
export function AnswerGrid({ results: { combinations, rows }, differences }: Props) {
  const features = Object.keys(rows[0]?.features ?? {});
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
    <section className={css.grid} tabIndex={0} aria-label="Answers">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {features.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">Prompt</th>
            <th scope="col">Expected</th>
            {combinations.map((column) => (
              <th key={column.job} scope="col">
                {columnName(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Example key={row.row} row={row} features={features} differences={differences} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type ExampleProps = { row: ResultRow; features: string[]; differences: boolean };

/** One example. Its texts are cut to three lines until it is opened. */
function Example({ row, features, differences }: ExampleProps) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const text = (value: string) => (
    <p className={css.text} data-short={!open || undefined}>
      {value}
    </p>
  );
  return (
    <tr>
      <th scope="row">
        <div style={{ display: "flex", gap: 2, alignItems: "center" }}>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-expanded={open}
            aria-label={`${open ? "Shorten" : "Show all of"} row ${row.row}`}
            onClick={() => setOpen(!open)}
          >
            <Chevron size={13} />
          </ActionIcon>
          {formatNumber(row.row)}
        </div>
      </th>
      {features.map((name) => (
        <td key={name}>{text(formatSetting(row.features[name]))}</td>
      ))}
      <td>{text(row.prompt)}</td>
      <td>{text(row.expected)}</td>
      {row.answers.map((answer, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the combinations have a fixed order
        <td key={at}>
          <AnswerCell answer={answer} expected={row.expected} short={!open} differences={differences} />
        </td>
      ))}
    </tr>
  );
}
