import { useDebouncedValue } from "@mantine/hooks";
import { useEffect } from "react";
import { useAdapterFacts, useHubCache } from "../../api/weights";
import type { NoteProps } from "../../components/form/notes";
import type { FormValues } from "../../components/form/values";
import { PlaceLine } from "../../components/weights/PlaceLine";
import { Warnings } from "../../components/weights/Warnings";
import css from "../../components/weights/Weights.module.css";
import { adapterLine } from "../../components/weights/weightFacts";
import { fileName } from "../../format/paths";
import { HubNote } from "../hub/HubNote";

/** The adapter's folder: the typed one, or the one in the Hub's cache under its Hub name. */
function useFolder(values: FormValues): string {
  const onHub = values.type === "huggingface";
  const [folder] = useDebouncedValue(values.location?.trim() ?? "", 250);
  const cache = useHubCache(onHub);
  const cached = cache.data?.repositories.find(({ name }) => name === values.huggingface_name?.trim());
  return onHub ? (cached?.folder ?? "") : folder;
}

/** The facts of the chosen folder. They fill the adapter's name and its base model. */
export function AdapterNote({ values, fill }: NoteProps) {
  const folder = useFolder(values);
  const { data } = useAdapterFacts({ folder }, values.model_id || null);
  const found = data?.facts ? folder : null;
  const named = values.type === "huggingface";
  const base = data?.bases.length === 1 ? data.bases[0]?.id : undefined;
  useEffect(() => {
    if (found && !named) fill({ name: fileName(found) });
  }, [found, named, fill]);
  useEffect(() => {
    if (base) fill({ model_id: base });
  }, [base, fill]);
  return (
    <div className={css.note} role="status">
      {data?.facts && <p className={css.known}>{adapterLine(data.facts)}</p>}
      {data && data.place.state !== "there" && <PlaceLine place={data.place} />}
    </div>
  );
}

/** The same for an adapter with a Hub name, and the Hub's answer about the name. */
export function HubAdapterNote(props: NoteProps) {
  return (
    <>
      <AdapterNote {...props} />
      <HubNote kind="model" name={props.values.huggingface_name ?? ""} />
    </>
  );
}

/** The base model named in the adapter's files, compared with the chosen one. */
export function BaseModelNote({ values }: NoteProps) {
  const { data } = useAdapterFacts({ folder: useFolder(values) }, values.model_id || null);
  const base = data?.facts?.base_model;
  return (
    <div className={css.note} role="status">
      {base && !values.model_id && (
        <p className={css.known}>
          The adapter’s files say that it was trained on {base}
          {data.bases.length === 0 && ", which is not in the list of models"}.
        </p>
      )}
      {values.model_id && <Warnings messages={data?.misfits ?? []} />}
    </div>
  );
}
