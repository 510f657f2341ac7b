import { useDebouncedValue } from "@mantine/hooks";
import { useEffect } from "react";
import { useModelFacts } from "../../api/weights";
import type { NoteProps } from "../../components/form/notes";
import { PlaceLine } from "../../components/weights/PlaceLine";
import css from "../../components/weights/Weights.module.css";
import { modelLine } from "../../components/weights/weightFacts";
import { fileName } from "../../format/paths";

/** The facts of the chosen folder. Its name fills the model's name. */
export function FolderNote({ values, fill }: NoteProps) {
  const [folder] = useDebouncedValue(values.location?.trim() ?? "", 250);
  const { data } = useModelFacts({ folder });
  const found = data?.facts ? folder : null;
  useEffect(() => {
    if (found) fill({ name: fileName(found) });
  }, [found, fill]);
  return (
    <div className={css.note} role="status">
      {data?.facts && <p className={css.known}>{modelLine(data.facts)}</p>}
      {data && data.place.state !== "there" && <PlaceLine place={data.place} />}
    </div>
  );
}
