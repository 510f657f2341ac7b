import { Button, Group, List, Table, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconExclamationMark } from "@tabler/icons-react";
import type { CheckFinding, LastCheck, SlurmPartition, StackThere } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Time } from "../../components/Time";
import { formatBytes, formatNumber } from "../../format/numbers";
import { plural } from "../../format/texts";
import css from "./Compute.module.css";
import { gpuLines, levels } from "./targetTexts";

type Props = {
  last: LastCheck;
  /** It was made while the page is shown. */
  isFresh: boolean;
  /** Asks about the key of the host; absent if it is known. */
  onKey?: () => void;
};

/** What a check found: whether runs can start, what speaks against it, and what is there. */
export function CheckResult({ last: { at, check }, isFresh, onKey }: Props) {
  const { findings, gpus, free_bytes, pythons, stack, slurm, can_run } = check;
  const fine = findings.filter(({ level }) => level === "fine");
  const others = findings.filter(({ level }) => level !== "fine");
  return (
    <>
      <Text size="sm" role="status" mb={8}>
        <Text span inherit fw={500} c={can_run ? undefined : "var(--mantine-color-error)"}>
          {can_run ? "Runs can start there." : "Runs can’t start there."}
        </Text>{" "}
        <Text span inherit c="dimmed">
          Checked <Time value={at} />
        </Text>
      </Text>
      {others.length > 0 && <Findings label="Problems and remarks" findings={others} />}
      {onKey && (
        <Button variant="default" onClick={onKey} mb={12}>
          Look at the host key…
        </Button>
      )}
      <div className={css.facts}>
        <Facts
          facts={[
            {
              name: "GPUs",
              value: gpus.length > 0 && gpuLines(gpus).map((line) => <div key={line}>{line}</div>),
            },
            { name: "Processors", value: check.processors !== null && formatNumber(check.processors) },
            { name: "Memory", value: check.memory_bytes !== null && formatBytes(check.memory_bytes) },
            { name: "Free disk", value: free_bytes !== null && formatBytes(free_bytes) },
          ]}
        />
        <Facts
          facts={[
            {
              name: "Python",
              value: stack ? (
                <Stack stack={stack} />
              ) : (
                pythons.length > 0 &&
                pythons.map(({ path, version }) => (
                  <div key={path}>
                    {path}
                    {version && `, ${version}`}
                  </div>
                ))
              ),
            },
            { name: "Slurm", value: slurm?.version },
          ]}
        />
      </div>
      {slurm && slurm.partitions.length > 0 && <Partitions partitions={slurm.partitions} />}
      {fine.length > 0 && (
        <details className={css.fine} open={isFresh}>
          <summary>{plural(fine.length, "thing is", "things are")} as they should be</summary>
          <Findings label="As it should be" findings={fine} />
        </details>
      )}
    </>
  );
}

/** The interpreter for runs with its libraries. */
function Stack({ stack: { python, version, packages } }: { stack: StackThere }) {
  const installed = Object.entries(packages).filter(([, version]) => version !== null);
  return (
    <>
      {python}, {version}
      <Text inherit c="dimmed">
        {installed.map(([name, version]) => `${name} ${version}`).join(", ")}
      </Text>
    </>
  );
}

const icons = { problem: IconAlertTriangle, remark: IconExclamationMark, fine: IconCheck };

function Findings({ label, findings }: { label: string; findings: CheckFinding[] }) {
  return (
    <List spacing={6} size="sm" mb={12} aria-label={label} listStyleType="none">
      {findings.map(({ level, text, hint }) => {
        const Icon = icons[level];
        return (
          <List.Item
            key={text}
            icon={
              <ThemeIcon
                color={levels[level].color}
                variant="light"
                size={20}
                radius="xl"
                role="img"
                aria-label={levels[level].label}
              >
                <Icon size={14} stroke={2} />
              </ThemeIcon>
            }
          >
            {text}
            {hint && (
              <Text inherit c="dimmed">
                {hint}
              </Text>
            )}
          </List.Item>
        );
      })}
    </List>
  );
}

function Partitions({ partitions }: { partitions: SlurmPartition[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
    <section className={css.partitions} tabIndex={0} aria-label="Partitions">
      <Table stickyHeader verticalSpacing={4} aria-label="Partitions">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Partition</Table.Th>
            <Table.Th>Time limit</Table.Th>
            <Table.Th>Nodes</Table.Th>
            <Table.Th>GRES</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {partitions.map(({ name, default: isDefault, time_limit, nodes, gres }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Group gap={6}>
                  {name}
                  {isDefault && (
                    <Text span size="xs" c="dimmed">
                      default
                    </Text>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{time_limit}</Table.Td>
              <Table.Td>{formatNumber(nodes)}</Table.Td>
              <Table.Td>{gres ?? "–"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
