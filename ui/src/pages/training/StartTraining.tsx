import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { toAppError } from "../../api/errors";
import { keys } from "../../api/store";
import type { FormValues } from "../../components/form/values";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { useShortcuts } from "../../components/useShortcuts";
import css from "../starting/Start.module.css";
import { StartSummary } from "../starting/StartSummary";
import { beginning } from "./beginning";
import { How } from "./How";
import { TrainingFacts } from "./TrainingFacts";
import { useTraining } from "./useTraining";
import { What } from "./What";
import { Where } from "./Where";

const TITLE = "Train an adapter";

/** The page that starts a training, with what it was asked for filled in. */
export function StartTraining() {
  const asked = useSearch({ from: "/training/start" });
  const begun = useQuery({
    queryKey: [...keys.store, "beginTraining", asked],
    queryFn: () => beginning(asked),
    // What is typed must not be begun anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (begun.data) return <Form key={JSON.stringify(asked)} begun={begun.data} />;
  return (
    <Page title={TITLE}>
      {begun.error ? (
        <Refusal error={toAppError(begun.error)} onRetry={() => void begun.refetch()} />
      ) : (
        <Center h={160}>
          <Loader size="sm" aria-label="Preparing the page" />
        </Center>
      )}
    </Page>
  );
}

function Form({ begun }: { begun: FormValues }) {
  const training = useTraining(begun);
  const { plan, starting } = training;
  useShortcuts({ "ctrl+enter": () => void starting.start() });
  return (
    <Page title={TITLE} about="From a base model and a dataset to an adapter of your own." scrolls={false}>
      <div className={css.split}>
        <div className={css.fields}>
          <What training={training} />
          <How training={training} />
          <Where training={training} />
        </div>
        <StartSummary starting={starting}>
          <TrainingFacts plan={plan} />
        </StartSummary>
      </div>
    </Page>
  );
}
