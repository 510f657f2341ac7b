import { Group, TextInput } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { Facts } from "../../components/Facts";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { useShortcuts } from "../../components/useShortcuts";
import { formatNumber } from "../../format/numbers";
import { AllGeneration } from "../starting/AllGeneration";
import { Beginning } from "../starting/Beginning";
import { common } from "../starting/common";
import { GenerationFields } from "../starting/GenerationFields";
import { Quantisation } from "../starting/Quantisation";
import css from "../starting/Start.module.css";
import { StartSummary } from "../starting/StartSummary";
import { type Begun, beginning } from "./beginning";
import { Combinations } from "./Combinations";
import { On } from "./On";
import { combinations, type Evaluation, useEvaluation } from "./useEvaluation";

const TITLE = "Evaluate";

/** The page that starts an evaluation, with what it was asked for filled in. */
export function StartEvaluation() {
  const asked = useSearch({ from: "/evaluation/start" });
  return (
    <Beginning title={TITLE} what="evaluation" asked={asked} begin={beginning}>
      {(begun) => <Form key={JSON.stringify(asked)} begun={begun} />}
    </Beginning>
  );
}

function Form({ begun }: { begun: Begun }) {
  const evaluation = useEvaluation(begun);
  const { starting, set, generation, problem, plan, values } = evaluation;
  const answers = {
    text: generation,
    onText: (text: string) => set("generation_config", text),
    error: problem("generation_config"),
  };
  useShortcuts({ "ctrl+enter": starting.start });
  return (
    <Page
      title={TITLE}
      about="Ask models and adapters the same rows that they have not learnt, and see who answers better."
      scrolls={false}
    >
      <div className={css.split}>
        <div className={css.fields}>
          <Combinations evaluation={evaluation} />
          <On evaluation={evaluation} />
          <Panel
            title="How"
            dense
            action={
              <Group gap={4}>
                {plan && (values.adapter_bnb_config || plan.quantises) && (
                  <Quantisation
                    text={values.adapter_bnb_config ?? ""}
                    onText={(text) => set("adapter_bnb_config", text)}
                    error={problem("adapter_bnb_config")}
                  />
                )}
                <AllGeneration {...answers} />
              </Group>
            }
          >
            <div className={css.four}>
              <GenerationFields {...answers} />
              <TextInput {...common(evaluation, "batch_size")} inputMode="numeric" autoComplete="off" />
            </div>
          </Panel>
        </div>
        <StartSummary starting={starting}>
          <EvaluationFacts evaluation={evaluation} />
        </StartSummary>
      </div>
    </Page>
  );
}

function EvaluationFacts({ evaluation: { plan, choices, withBase } }: { evaluation: Evaluation }) {
  const unknown = <span style={{ color: "var(--mantine-color-dimmed)" }}>not known yet</span>;
  const count = combinations(choices, withBase).length;
  const rows = plan?.rows ?? null;
  return (
    <Facts
      facts={[
        { name: "Models and adapters", value: count },
        { name: "Rows held back", value: plan?.held_back != null ? formatNumber(plan.held_back) : unknown },
        { name: "Rows asked", value: rows !== null ? formatNumber(rows) : unknown },
        { name: "Answers", value: rows !== null ? formatNumber(rows * count) : unknown },
        { name: "Runs on", value: plan?.device ?? unknown },
      ]}
    />
  );
}
