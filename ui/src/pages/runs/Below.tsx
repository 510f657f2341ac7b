import { Tabs } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { isGoing } from "../../api/runs";
import type { RunReport } from "../../bindings";
import { Copy } from "../../components/Copy";
import { RunLog } from "./log/RunLog";
import css from "./Runs.module.css";
import { Settings } from "./Settings";

/** What a run prints, and what it was frozen with, as a list and as it stands in its folder. */
export function Below({ report }: { report: RunReport }) {
  const [tab, setTab] = useLocalStorage({ key: "run-tab", defaultValue: "log" });
  const { run, specification } = report;
  return (
    <section className={css.below} aria-label="Log and settings">
      <Tabs value={tab} onChange={(next) => setTab(next ?? "log")} className={css.tabs} keepMounted={false}>
        <Tabs.List pl={8}>
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="json">Specification</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="log" className={css.tab}>
          <RunLog id={run.id} live={isGoing(run)} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className={css.tab}>
          <Settings specification={specification} />
        </Tabs.Panel>
        <Tabs.Panel value="json" className={css.tab} style={{ position: "relative" }}>
          <div style={{ position: "absolute", top: 8, right: 8 }}>
            <Copy value={specification ?? ""} what="specification" />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
          <pre className={css.text} tabIndex={0}>
            {specification ?? "The specification of this run is not in its folder any more."}
          </pre>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}
