import { Button, Center, EmptyState, Loader } from "@mantine/core";
import { IconCpu, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useTargets } from "../../api/targets";
import type { Target } from "../../bindings";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { useShortcuts } from "../../components/useShortcuts";
import css from "./Compute.module.css";
import { TargetCard } from "./TargetCard";
import { TargetForm } from "./TargetForm";
import { ThisMachine } from "./ThisMachine";

/** Where runs work: this machine, and the targets that are reached from here. */
export function ComputePage() {
  const { data: targets, error, refetch } = useTargets();
  /** The target in the form; null for a new one. */
  const [edited, setEdited] = useState<Target | null>();
  const [added, setAdded] = useState<string>();
  const add = () => setEdited(null);
  useShortcuts({ "ctrl+n": add });
  return (
    <Page
      title="Compute"
      about="Where trainings and evaluations run: here, on other machines by SSH, on clusters with Slurm, or on Cloudera AI workbenches."
      actions={
        <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={add}>
          Add target…
        </Button>
      }
    >
      <div className={css.targets}>
        <ThisMachine />
        {error && !targets && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
        {!error && !targets && (
          <Center h={120}>
            <Loader size="sm" aria-label="Reading the targets" />
          </Center>
        )}
        {targets?.map((target) => (
          <TargetCard
            key={target.id}
            target={target}
            isNew={target.id === added}
            onEdit={() => setEdited(target)}
          />
        ))}
        {targets?.length === 0 && (
          <EmptyState
            pt={48}
            icon={<IconCpu stroke={1.2} />}
            title="No other machine yet"
            description="Add a machine with a GPU that you reach by SSH, or the login node of a cluster: runs go on there while this computer sleeps."
          />
        )}
      </div>
      {edited !== undefined && (
        <TargetForm
          target={edited}
          onSaved={({ id }) => {
            if (edited === null) setAdded(id);
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Page>
  );
}
