import { Button, Group, Stack, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { toAppError } from "../../api/errors";
import { useHubRecord, useVerify } from "../../api/hub";
import { idOf } from "../../api/tables";
import type { Listed, TableName } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Time } from "../../components/Time";
import { Warnings } from "../../components/weights/Warnings";
import css from "../../components/weights/Weights.module.css";
import { Answer } from "./HubNote";
import { hubFacts } from "./hubFacts";

type Props = {
  table: TableName;
  listed: Listed;
  /** Without facts: the local files show the same and more. */
  brief?: boolean;
};

/** Whether the Hub has confirmed a row's name, and its facts. Empty for rows without a Hub name. */
export function OnTheHub({ table, listed, brief = false }: Props) {
  const { data: record } = useHubRecord(table, idOf(listed));
  const verify = useVerify(table, idOf(listed));
  if (!record) return null;
  const { verified } = record;
  const Icon = verified ? IconCircleCheck : IconCircleDashed;
  const answer = verify.data && verify.data.standing !== "found" ? verify.data : null;
  return (
    <section aria-label="On the Hub">
      <Title order={3} mb={8}>
        On the Hub
      </Title>
      <Stack gap={8}>
        <Group justify="space-between" gap={8} wrap="nowrap">
          <p className={css.line} data-state={verified ? "there" : undefined}>
            <Icon size={15} stroke={1.8} aria-hidden />
            {verified ? (
              <Group gap={4} component="span">
                Verified <Time value={verified.checked_at} />
              </Group>
            ) : (
              <span>Unverified: the Hub has not confirmed {record.name}.</span>
            )}
          </p>
          <Button
            variant="default"
            size="compact-sm"
            flex="none"
            loading={verify.isPending}
            onClick={() => verify.mutate()}
          >
            {verified ? "Check again" : "Verify"}
          </Button>
        </Group>
        <div role="status">{answer && <Answer answer={answer} />}</div>
        {verify.error && <Warnings messages={[toAppError(verify.error).message]} />}
        {verified && !brief && <Facts aligned facts={hubFacts(verified.facts)} />}
      </Stack>
    </section>
  );
}
