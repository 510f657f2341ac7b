import { Button, Center, EmptyState, Loader, NumberInput } from "@mantine/core";
import { IconTransfer } from "@tabler/icons-react";
import { showError, toAppError } from "../../api/errors";
import { useForgetTransfers, useSetTransferRule, useTransferRule, useTransfers } from "../../api/transfers";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { TransferLine } from "./TransferLine";
import css from "./Transfers.module.css";

/** What is fetched from the Hugging Face Hub, and what was. */
export function TransfersPage() {
  const { data, error, refetch } = useTransfers();
  const forget = useForgetTransfers();
  const hasEnded = data?.some(({ state }) => state === "done" || state === "failed" || state === "cancelled");
  return (
    <Page
      title="Transfers"
      about="What is fetched from the Hugging Face Hub to this machine. It goes on where it ended, whatever stopped it."
      actions={
        <>
          <AtOnce />
          {hasEnded && (
            <Button variant="default" onClick={() => forget.mutate(null, { onError: showError })}>
              Clear ended
            </Button>
          )}
        </>
      }
    >
      {error && !data && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!error && !data && (
        <Center h={160}>
          <Loader size="sm" aria-label="Reading the transfers" />
        </Center>
      )}
      {data?.length === 0 && (
        <EmptyState
          my="auto"
          pb={96}
          icon={<IconTransfer stroke={1.2} />}
          title="Nothing was fetched yet"
          description="Fetch a model, an adapter or a dataset from its panel, or start a training: it fetches what it needs."
        />
      )}
      {data && data.length > 0 && (
        <ul className={css.list} aria-label="Transfers">
          {data.map((transfer) => (
            <TransferLine key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
    </Page>
  );
}

/** How many transfers run at the same time. */
function AtOnce() {
  const { data: rule } = useTransferRule();
  const set = useSetTransferRule();
  if (!rule) return null;
  return (
    <div className={css.atOnce}>
      <span aria-hidden>At the same time</span>
      <NumberInput
        aria-label="Transfers at the same time"
        w={72}
        min={1}
        max={16}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        value={rule.at_once}
        onChange={(value) => {
          if (typeof value === "number" && value >= 1 && value !== rule.at_once) {
            set.mutate(value, { onError: showError });
          }
        }}
      />
    </div>
  );
}
