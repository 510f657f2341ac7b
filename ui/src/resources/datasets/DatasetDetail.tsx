import { Button, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { useState } from "react";
import { stampOf, useDatasetFile } from "../../api/datasetFiles";
import { useDatasetPart, WHOLE } from "../../api/datasetParts";
import { toAppError } from "../../api/errors";
import type { Listed } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { FetchButton } from "../../components/transfers/FetchButton";
import { PreviewButton } from "../../preview/PreviewButton";
import { OnTheHub } from "../hub/OnTheHub";
import { DatasetPartOf } from "./DatasetPartOf";
import { type DatasetTab, DatasetTabs } from "./DatasetTabs";
import { Doctor, useDoctor } from "./doctor/Doctor";
import { FileBanner } from "./file/FileBanner";
import { enqueue } from "./import/queue";
import { type Goal, RowsView } from "./preview/RowsView";
import { ColumnProfiles, useProfile } from "./profile/ColumnProfiles";
import css from "./TallDialog.module.css";

/** The rows, columns and problems of a dataset, in the panel or over the whole window. */
export function DatasetDetail({ listed }: { listed: Listed }) {
  const { id, type, huggingface_name: name } = listed.row;
  if (type === "huggingface") {
    return (
      <Stack gap={16}>
        <OnTheHub table="datasets" listed={listed} />
        <HubRows id={String(id)} label={listed.label} name={String(name)} />
      </Stack>
    );
  }
  return <FileDetail key={String(id)} id={String(id)} label={listed.label} />;
}

/** The rows of a dataset of the Hub, once they are on this machine. */
function HubRows({ id, label, name }: { id: string; label: string; name: string }) {
  const file = useDatasetFile(id);
  const part = useDatasetPart(id).data ?? WHOLE;
  if (file.isPending) return <Loader size="sm" aria-label="Looking for the rows" />;
  // After a refusal, the data are those of the part before.
  const isHere = file.isSuccess && file.data.now !== null;
  return (
    <>
      {!isHere && (
        <Text size="sm" c="dimmed">
          The rows of this dataset are on the Hugging Face Hub, and not on this machine.
        </Text>
      )}
      {/* In one place of the tree whether or not the part is here, so that the choice stays open. */}
      <DatasetPartOf key={id} id={id} name={name} part={part} />
      {isHere ? (
        <>
          <PreviewButton dataset={id} />
          <Content id={id} label={label} stamp={stampOf(file.data)} />
        </>
      ) : (
        <FetchButton kind="dataset" name={name} part={part} />
      )}
    </>
  );
}

function FileDetail({ id, label }: { id: string; label: string }) {
  const file = useDatasetFile(id);
  if (file.isPending) return <Loader size="sm" aria-label="Looking for the file" />;
  if (file.isError) return <Refusal error={toAppError(file.error)} onRetry={() => file.refetch()} />;
  const state = file.data;
  return (
    <>
      <FileBanner id={id} label={label} state={state} />
      {state.now && (
        <>
          <PreviewButton dataset={id} />
          <Content id={id} label={label} stamp={stampOf(state)} />
        </>
      )}
    </>
  );
}

function Content({ id, label, stamp }: { id: string; label: string; stamp: string }) {
  const [large, setLarge] = useState(false);
  const [tab, setTab] = useState<DatasetTab>("rows");
  /** The value that was selected last; the enlarged view starts there. */
  const [seen, setSeen] = useState<Goal | null>(null);
  const doctor = useDoctor(id, stamp, tab === "problems");
  const profile = useProfile(id, stamp, tab === "columns");
  const importMade = (path: string) => {
    setLarge(false);
    enqueue([path]);
  };
  const view = { id, stamp, tab, onTab: setTab, onSeen: setSeen, onImport: importMade, doctor, profile };
  return (
    <section aria-label="Rows" className={css.detail}>
      <Button
        className={css.enlarge}
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowsMaximize size={14} />}
        onClick={() => setLarge(true)}
      >
        Enlarge
      </Button>
      <FileTabs {...view} from={null} height={420} />
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        title={label}
        size="95vw"
        centered
        closeButtonProps={{ "aria-label": "Close" }}
        classNames={{ content: css.content, body: css.body }}
      >
        <FileTabs {...view} from={seen} height="100%" />
      </Modal>
    </section>
  );
}

type TabsProps = {
  id: string;
  stamp: string;
  tab: DatasetTab;
  onTab: (tab: DatasetTab) => void;
  from: Goal | null;
  onSeen: (goal: Goal) => void;
  onImport: (path: string) => void;
  doctor: ReturnType<typeof useDoctor>;
  profile: ReturnType<typeof useProfile>;
  height: number | string;
};

function FileTabs({ id, stamp, tab, onTab, from, onSeen, onImport, doctor, profile, height }: TabsProps) {
  const [goal, setGoal] = useState<Goal | null>(from);
  const show = (next: Goal) => {
    setGoal(next);
    onTab("rows");
  };
  return (
    <DatasetTabs
      tab={tab}
      onTab={onTab}
      panels={{
        rows: <RowsView source={id} stamp={stamp} total={null} goal={goal} onSeen={onSeen} height={height} />,
        columns: <ColumnProfiles profile={profile} />,
        problems: <Doctor source={id} doctor={doctor} onShow={show} onImport={onImport} />,
      }}
    />
  );
}
