import { Group, TextInput } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { Facts } from "../../components/Facts";
import { fieldProps } from "../../components/form/fieldProps";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { useShortcuts } from "../../components/useShortcuts";
import { formatNumber } from "../../format/numbers";
import { AllGeneration } from "../starting/AllGeneration";
import { FetchedFirst, hasFetches } from "../starting/FetchedFirst";
import { GenerationFields } from "../starting/GenerationFields";
import { Quantization } from "../starting/Quantization";
import css from "../starting/Start.module.css";
import { StartPageLoader } from "../starting/StartPageLoader";
import { StartSummary } from "../starting/StartSummary";
import { WhereField } from "../starting/WhereField";
import { type InitialEvaluation, initialEvaluation } from "./initialEvaluation";
import { ModelsPanel } from "./ModelsPanel";
import { comparesAnswers } from "./planned";
import { RowsPanel } from "./RowsPanel";
import { combinations, type Evaluation, useEvaluation } from "./useEvaluation";

const TITLE = "Evaluate";

/** The start page of an evaluation. Its address names the rows to start with. */
export function StartEvaluation() {
  const request = useSearch({ from: "/evaluation/start" });
  return (
    <StartPageLoader title={TITLE} what="evaluation" request={request} load={initialEvaluation}>
      {(initial) => <Form key={JSON.stringify(request)} initial={initial} />}
    </StartPageLoader>
  );
}

function Form({ initial }: { initial: InitialEvaluation }) {
  const evaluation = useEvaluation(initial);
  const { starting, set, generation, problem, plan, values } = evaluation;
  const answers = {
    text: generation,
    onText: (text: string) => set("generation_config", text),
    error: problem("generation_config"),
  };
  const compares = comparesAnswers(plan?.row_format);
  useShortcuts({ "ctrl+enter": starting.start });
  return (
    <Page
      title={TITLE}
      about="Ask models and adapters the same rows that they were not trained on, and compare their answers."
      scrolls={false}
    >
      <div className={css.split}>
        <div className={css.fields}>
          <ModelsPanel evaluation={evaluation} />
          <RowsPanel evaluation={evaluation} />
          <Panel
            title="How"
            dense
            action={
              <Group gap={4}>
                {plan && (values.adapter_bnb_config || plan.quantizes) && (
                  <Quantization
                    text={values.adapter_bnb_config ?? ""}
                    onText={(text) => set("adapter_bnb_config", text)}
                    error={problem("adapter_bnb_config")}
                  />
                )}
                {!compares && <AllGeneration {...answers} />}
              </Group>
            }
          >
            <div className={css.four}>
              {!compares && <GenerationFields {...answers} />}
              <TextInput {...fieldProps(evaluation, "batch_size")} inputMode="numeric" autoComplete="off" />
            </div>
          </Panel>
          {evaluation.where.targets.length > 0 && (
            <Panel title="Where" dense>
              <div className={css.two}>
                <WhereField where={evaluation.where} starting={starting} />
              </div>
            </Panel>
          )}
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
        {
          name: comparesAnswers(plan?.row_format) ? "Comparisons" : "Answers",
          value: rows !== null ? formatNumber(rows * count) : unknown,
        },
        {
          name: "Fetched first",
          value: hasFetches(plan?.fetches) && <FetchedFirst fetches={plan.fetches} />,
        },
        { name: "Runs on", value: plan?.device ?? unknown },
      ]}
    />
  );
}
