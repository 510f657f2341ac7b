import { useSearch } from "@tanstack/react-router";
import type { FormValues } from "../../components/form/values";
import { Page } from "../../components/Page";
import { useShortcuts } from "../../components/useShortcuts";
import { Beginning } from "../starting/Beginning";
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
  return (
    <Beginning title={TITLE} what="training" asked={asked} begin={beginning}>
      {(begun) => <Form key={JSON.stringify(asked)} begun={begun} />}
    </Beginning>
  );
}

function Form({ begun }: { begun: FormValues }) {
  const training = useTraining(begun);
  const { plan, starting } = training;
  useShortcuts({ "ctrl+enter": starting.start });
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
