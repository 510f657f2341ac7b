import { Tabs } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import type { ReactNode } from "react";
import { isGoing } from "../../api/runs";
import type { RunReport } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { RunLog } from "./log/RunLog";
import css from "./Runs.module.css";
import { Settings } from "./Settings";

type Props = {
  report: RunReport;
  /** The first tab, of an evaluation. */
  answers?: ReactNode;
};

/** The log of a run, and its specification as a list and as JSON. */
export function RunTabs({ report, answers }: Props) {
  const first = answers ? "answers" : "log";
  const [tab, setTab] = useLocalStorage({ key: `run-tab-${report.run.kind}`, defaultValue: first });
  const { run, specification } = report;
  const frozen = specification ?? report.export;
  const json = frozen && JSON.stringify(frozen, null, 2);
  return (
    <section className={css.below} aria-label={answers ? "Answers, log and settings" : "Log and settings"}>
      <Tabs value={tab} onChange={(next) => setTab(next ?? first)} className={css.tabs} keepMounted={false}>
        <Tabs.List pl={8}>
          {answers && <Tabs.Tab value="answers">Answers</Tabs.Tab>}
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="json">Specification</Tabs.Tab>
        </Tabs.List>
        {answers && (
          <Tabs.Panel value="answers" className={css.tab}>
            {answers}
          </Tabs.Panel>
        )}
        <Tabs.Panel value="log" className={css.tab}>
          <RunLog id={run.id} live={isGoing(run)} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className={css.tab}>
          <Settings specification={frozen ?? null} />
        </Tabs.Panel>
        <Tabs.Panel value="json" className={css.tab} style={{ position: "relative" }}>
          <div style={{ position: "absolute", top: 8, right: 8 }}>
            <CopyButton value={json ?? ""} what="specification" />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
          <pre className={css.text} tabIndex={0}>
            {json ?? "The specification of this run is no longer in its folder."}
          </pre>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}
