import { IconEye, IconFileImport } from "@tabler/icons-react";
import { idOf } from "../../api/tables";
import { openPreview } from "../../preview/opened";
import { exportAction } from "../exportAction";
import { fromHubCache } from "../hub/browsing";
import { hubNote } from "../hub/HubNote";
import { trainWith } from "../jobs/trainWith";
import type { ResourceExtras } from "../registry";
import { DatasetDetail } from "./DatasetDetail";
import { ImportDialog } from "./import/ImportDialog";
import { importFromPicker } from "./import/queue";

export const datasets: ResourceExtras = {
  primaryAction: { label: "Import", icon: IconFileImport, run: () => void importFromPicker() },
  formLabel: "Add from the Hub",
  notes: { huggingface_name: hubNote("dataset", "huggingface_name") },
  moreActions: [fromHubCache("datasets")],
  formDefaults: { type: "huggingface" },
  rowActions: (listed, go) => [
    trainWith({ dataset: idOf(listed) }, go),
    {
      label: "Preview for training…",
      icon: IconEye,
      run: () => openPreview({ dataset: idOf(listed) }),
    },
    ...exportAction("datasets", listed, go),
  ],
  detail: DatasetDetail,
  mount: ImportDialog,
};
