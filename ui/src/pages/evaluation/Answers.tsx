import { Pagination, SegmentedControl, Select, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useEvaluationResults } from "../../api/runs";
import type { ResultFilter, ResultOrder } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { plural } from "../../format/texts";
import { AnswerGrid } from "./AnswerGrid";
import { columnName } from "./combinationName";
import css from "./Evaluation.module.css";
import { comparesAnswers } from "./planned";

const PAGE = 50;

type Props = { id: string; live: boolean };

/** The answers of an evaluation by pages, with a filter. */
export function Answers({ id, live }: Props) {
  const [filter, setFilter] = useState<ResultFilter>("all");
  const [page, setPage] = useState(1);
  const [differences, setDifferences] = useState(true);
  const [order, setOrder] = useState<ResultOrder>("rows");
  const query = { filter, order, offset: (page - 1) * PAGE, limit: PAGE };
  const { data: results, error, refetch } = useEvaluationResults(id, query);
  if (error && !results) return <Refusal m={12} error={toAppError(error)} onRetry={() => void refetch()} />;
  if (!results) return null;
  const [first, last] = [results.combinations[0], results.combinations.at(-1)];
  const several = results.combinations.length > 1;
  const compares = comparesAnswers(results.format);
  const choose = (next: string) => {
    setFilter(next as ResultFilter);
    setPage(1);
  };
  const filters = [
    { value: "all", label: "All" },
    ...(several ? [{ value: "different", label: "Different" }] : []),
    { value: "wrong", label: "Wrong" },
    ...(several
      ? [
          { value: "better", label: "Better" },
          { value: "worse", label: "Worse" },
        ]
      : []),
  ];
  return (
    <div className={css.answers}>
      <div className={css.bar}>
        <SegmentedControl size="xs" aria-label="Which rows" data={filters} value={filter} onChange={choose} />
        <Text size="xs" c="dimmed" role="status" className="tabular" flex={1}>
          {plural(results.total, "row")}
          {several && first && last && said(filter, columnName(first), columnName(last), compares)}
        </Text>
        {results.format === "preference" && last && (
          <Select
            size="xs"
            w={230}
            aria-label="Order"
            data={orders(columnName(last))}
            value={order}
            onChange={(next) => {
              setOrder((next ?? "rows") as ResultOrder);
              setPage(1);
            }}
            allowDeselect={false}
          />
        )}
        {!compares && (
          <Switch
            size="xs"
            label="Word differences"
            checked={differences}
            onChange={({ currentTarget }) => setDifferences(currentTarget.checked)}
          />
        )}
        {results.total > PAGE && (
          <Pagination
            size="sm"
            total={Math.ceil(results.total / PAGE)}
            value={page}
            onChange={setPage}
            siblings={1}
            getControlProps={(control) => ({ "aria-label": `${control} page` })}
            getItemProps={(at) => ({ "aria-label": `Page ${at}` })}
          />
        )}
      </div>
      {results.total === 0 ? (
        <Text size="sm" c="dimmed" p={12}>
          {nothing(filter, live)}
        </Text>
      ) : (
        <AnswerGrid results={results} differences={differences} />
      )}
    </div>
  );
}

const orders = (name: string) => [
  { value: "rows", label: "As evaluated" },
  { value: "least_margin", label: `Least margin of ${name}` },
  { value: "greatest_margin", label: `Greatest margin of ${name}` },
];

function said(filter: ResultFilter, first: string, last: string, compares: boolean): string {
  const right = compares ? "judged right" : "answered as expected";
  if (filter === "better") return ` ${right} by ${last} but not by ${first}`;
  if (filter === "worse") return ` ${right} by ${first} but not by ${last}`;
  if (filter === "different") return compares ? " on which they disagree" : " with different answers";
  if (filter === "wrong")
    return compares ? " that at least one judges wrong" : " with at least one unexpected answer";
  return "";
}

function nothing(filter: ResultFilter, live: boolean): string {
  if (filter === "all") return live ? "The rows are being prepared…" : "There are no answers.";
  return live ? "None so far." : "There are none.";
}
