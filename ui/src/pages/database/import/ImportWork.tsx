import type { ImportProgress } from "../../../api/snapshots";
import { ArchiveWork } from "../../../components/archive/ArchiveWork";
import { WorkProgress } from "../../../components/WorkProgress";

type Props = {
  label: string;
  /** A past participle after the number of rows: "read". */
  verb: string;
  progress: ImportProgress | null;
  stopLabel: string;
  stopping: boolean;
  onStop: () => void;
};

/** The progress of an import: that of an archive in bytes, that of a snapshot in rows. */
export function ImportWork({ verb, progress, ...work }: Props) {
  if (progress && "step" in progress) return <ArchiveWork {...work} progress={progress} />;
  return <WorkProgress {...work} verb={verb} progress={progress} />;
}
