import { useSearch } from "@tanstack/react-router";
import type { FormValues } from "../../components/form/values";
import { Page } from "../../components/Page";
import { useShortcuts } from "../../components/useShortcuts";
import css from "../starting/Start.module.css";
import { StartPageLoader } from "../starting/StartPageLoader";
import { StartSummary } from "../starting/StartSummary";
import { trainsElsewhere } from "./choices/shownChoices";
import { HowPanel } from "./HowPanel";
import { initialTraining } from "./initialTraining";
import { TrainingFacts } from "./TrainingFacts";
import { useTraining } from "./useTraining";
import { WhatPanel } from "./WhatPanel";
import { WherePanel } from "./WherePanel";

const TITLE = "Train an adapter";

/** The start page of a training. Its address names the rows to start with. */
export function StartTraining() {
  const request = useSearch({ from: "/training/start" });
  return (
    <StartPageLoader title={TITLE} what="training" request={request} load={initialTraining}>
      {(initial) => <Form key={JSON.stringify(request)} initial={initial} />}
    </StartPageLoader>
  );
}

function Form({ initial }: { initial: FormValues }) {
  const training = useTraining(initial);
  const { plan, starting, values, shown } = training;
  const whole = !trainsElsewhere(values) && shown.tuning === "full";
  useShortcuts({ "ctrl+enter": starting.start });
  return (
    <Page
      title={whole ? "Train a whole model" : TITLE}
      about={`Trains ${whole ? "all of a base model" : "an adapter for a base model"} on a dataset.`}
      scrolls={false}
    >
      <div className={css.split}>
        <div className={css.fields}>
          <WhatPanel training={training} />
          <HowPanel training={training} />
          <WherePanel training={training} />
        </div>
        <StartSummary starting={starting}>
          <TrainingFacts plan={plan} />
        </StartSummary>
      </div>
    </Page>
  );
}
