import { Button, Table, Text } from "@mantine/core";
import type { RequestState, ServedRequest } from "../../bindings";
import { Panel } from "../../components/Panel";
import { formatNumber } from "../../format/numbers";
import { formatClock, formatLatency } from "../../format/times";
import css from "./Serve.module.css";

const states: Record<RequestState, string> = {
  waiting: "Waiting",
  answering: "Answering",
  done: "Answered",
  failed: "Failed",
  cancelled: "Hung up",
};

/** The requests that came last, with their times and tokens. */
export function Requests({ requests, onClear }: { requests: ServedRequest[]; onClear: () => void }) {
  return (
    <Panel
      title="Requests"
      about="Times and tokens. The texts of prompts and answers are not kept."
      action={
        <Button variant="default" disabled={requests.length === 0} onClick={onClear}>
          Clear
        </Button>
      }
    >
      {requests.length === 0 ? (
        <Text size="sm" c="dimmed">
          No request yet.
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
        <section className={css.requests} tabIndex={0} aria-label="The list of requests">
          <Table stickyHeader verticalSpacing={4} aria-label="Requests">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Time</Table.Th>
                <Table.Th>Model</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th className={css.number}>Tokens in</Table.Th>
                <Table.Th className={css.number}>Out</Table.Th>
                <Table.Th className={css.number}>First text</Table.Th>
                <Table.Th className={css.number}>In all</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {requests.map((request) => (
                <Line key={request.number} request={request} />
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Panel>
  );
}

function Line({ request }: { request: ServedRequest }) {
  const { time, model, path, state, status, error } = request;
  const failed = state === "failed";
  return (
    <Table.Tr>
      <Table.Td className={css.time}>{formatClock(new Date(time))}</Table.Td>
      <Table.Td className={css.model} title={`POST /v1/${path}${request.stream ? ", streamed" : ""}`}>
        {model || "–"}
      </Table.Td>
      <Table.Td className={css.state}>
        {failed && status !== null && status < 500 ? "Refused" : states[state]}
        {failed && status !== null && ` (${status})`}
        {error && (
          <Text size="xs" c="dimmed">
            {error}
          </Text>
        )}
      </Table.Td>
      <Table.Td className={css.number}>{number(request.input_tokens)}</Table.Td>
      <Table.Td className={css.number}>{number(request.output_tokens)}</Table.Td>
      <Table.Td className={css.number}>{seconds(request.first_text)}</Table.Td>
      <Table.Td className={css.number}>{seconds(request.seconds)}</Table.Td>
    </Table.Tr>
  );
}

const number = (value: number | null) => (value === null ? "–" : formatNumber(value));
const seconds = (value: number | null) => (value === null ? "–" : formatLatency(value));
