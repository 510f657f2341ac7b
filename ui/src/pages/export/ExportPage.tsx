import { Radio, Stack, TextInput } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { getRow } from "../../api/store";
import { idOf } from "../../api/tables";
import { Facts } from "../../components/Facts";
import { fieldProps } from "../../components/form/fieldProps";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { useShortcuts } from "../../components/useShortcuts";
import { formatBytes } from "../../format/numbers";
import { plural } from "../../format/texts";
import { waysFor } from "../../resources/exportAction";
import { FetchedFirst, hasFetches } from "../starting/FetchedFirst";
import css from "../starting/Start.module.css";
import { StartPageLoader } from "../starting/StartPageLoader";
import { StartSummary } from "../starting/StartSummary";
import { WhereField } from "../starting/WhereField";
import { type Export, type ExportSource, useExport } from "./useExport";
import type { WayFormProps, WayName, WayOf } from "./way";
import { ways } from "./ways";

/** The start page of an export. Its address names the adapter, the model or the dataset. */
export function ExportPage() {
  const request = useSearch({ from: "/export" });
  return (
    <StartPageLoader title="Export" what="export" request={request} load={sourceOf}>
      {(source) => <Form key={JSON.stringify(request)} source={source} />}
    </StartPageLoader>
  );
}

type Asked = { adapter?: string; model?: string; dataset?: string };

async function sourceOf(request: Asked): Promise<ExportSource> {
  const table = request.adapter ? "adapters" : request.model ? "models" : "datasets";
  const listed = await getRow(table, request.adapter ?? request.model ?? request.dataset ?? "");
  const base = table === "adapters" ? listed.row.model_id : null;
  return { row: { table, id: idOf(listed) }, label: listed.label, base: String(base ?? "") };
}

function Form({ source }: { source: ExportSource }) {
  const exported = useExport(source);
  const { way, setWay, settings, change, page, starting, where } = exported;
  // The settings are those of the way.
  const WayForm = ways[way].Form as ComponentType<WayFormProps<WayName>>;
  useShortcuts({ "ctrl+enter": starting.start });
  return (
    <Page
      title={`Export ${source.label}`}
      about="Write it for other programs. The result is checked against what it was made from."
      scrolls={false}
    >
      <div className={css.split}>
        <div className={css.fields}>
          <Panel title="As" dense>
            <Radio.Group value={way} onChange={(next) => setWay(next as WayName)} aria-label="As">
              <Stack gap={8}>
                {waysFor(source.row.table).map((name) => (
                  <Radio
                    key={name}
                    size="xs"
                    value={name}
                    label={ways[name].label}
                    description={ways[name].about}
                  />
                ))}
              </Stack>
            </Radio.Group>
          </Panel>
          <Panel title="How" dense>
            <Stack gap={10} mb={10}>
              <TextInput {...fieldProps(page, "name")} autoComplete="off" />
              {where && <WhereField where={where} starting={starting} />}
            </Stack>
            <WayForm
              settings={settings}
              change={change}
              page={page}
              plan={exported.plan}
              table={source.row.table}
            />
          </Panel>
        </div>
        <StartSummary starting={starting}>
          <PlanFacts exported={exported} />
        </StartSummary>
      </div>
    </Page>
  );
}

function PlanFacts({ exported: { plan, way, settings } }: { exported: Export }) {
  // The settings are those of the way.
  const facts = ways[way].facts as WayOf<WayName>["facts"];
  const samples = plan && plural(plan.samples, "text");
  return (
    <Facts
      facts={[
        { name: "Base model", value: plan?.adapter && plan.model?.name },
        {
          name: "Fetched first",
          value: hasFetches(plan?.fetches) && <FetchedFirst fetches={plan.fetches} />,
        },
        { name: "Writes", value: plan?.to && <PathText path={plan.to} /> },
        { name: "Size", value: !!plan?.bytes && `about ${formatBytes(plan.bytes)}` },
        { name: "Free there", value: plan?.free_bytes != null && formatBytes(plan.free_bytes) },
        ...(facts?.(plan, settings) ?? []),
        {
          name: "Compared on",
          value:
            plan &&
            plan.samples > 0 &&
            (plan.samples_of ? `${samples} of ${plan.samples_of}` : `${samples} of our own`),
        },
      ]}
    />
  );
}
