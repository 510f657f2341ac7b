import { ActionIcon, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { EvaluationResults, ResultRow } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { formatSetting } from "../../format/settings";
import { AnswerCell } from "./AnswerCell";
import { columnName } from "./combinationName";
import css from "./Evaluation.module.css";
import { JudgmentCell } from "./JudgmentCell";

type Props = { results: EvaluationResults; differences: boolean };

/** A row for each example: prompt, expected answer, and the answer of each model or adapter; or the answers of
 * the row, and which of them each prefers. */
export function AnswerGrid({ results: { combinations, rows }, differences }: Props) {
  const features = Object.keys(rows[0]?.features ?? {});
  const pairs = rows.some(({ rejected }) => rejected !== null);
  const labeled = rows.some(({ label }) => label !== null);
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
            <th scope="col">{pairs ? "Chosen" : labeled ? "Answer" : "Expected"}</th>
            {pairs && <th scope="col">Rejected</th>}
            {labeled && <th scope="col">Label</th>}
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
  const compares = row.rejected !== null || row.label !== null;
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
      {row.rejected !== null && <td>{text(row.rejected)}</td>}
      {row.label !== null && <td>{row.label ? "Good" : "Bad"}</td>}
      {row.answers.map((answer, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the combinations have a fixed order
        <td key={at}>
          {compares ? (
            <JudgmentCell judgment={row.judgments[at]} open={open} />
          ) : (
            <AnswerCell answer={answer} expected={row.expected} short={!open} differences={differences} />
          )}
          {open && <OtherPrompt text={row.other_prompts[at]} />}
        </td>
      ))}
    </tr>
  );
}

/** What a model read whose chat template is another than that of the first. */
function OtherPrompt({ text }: { text: string | null | undefined }) {
  if (text == null) return null;
  return (
    <>
      <Text size="xs" c="dimmed" mt={8}>
        By its own template it read:
      </Text>
      <p className={css.text}>{text}</p>
    </>
  );
}
