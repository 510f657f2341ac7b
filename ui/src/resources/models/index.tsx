import { IconServer2 } from "@tabler/icons-react";
import { idOf } from "../../api/tables";
import { exportAction } from "../exportAction";
import { fromHubCache } from "../hub/browsing";
import { CacheDialog } from "../hub/CacheDialog";
import { hubNote } from "../hub/HubNote";
import { trainWith } from "../jobs/trainWith";
import type { ResourceExtras } from "../registry";
import { FolderNote } from "./FolderNote";
import { ModelDetail } from "./ModelDetail";

export const models: ResourceExtras = {
  rowActions: (listed, go) => [
    trainWith({ model: idOf(listed) }, go),
    {
      label: "Serve this…",
      icon: IconServer2,
      run: () => void go({ to: "/serve", search: { model: idOf(listed) } }),
    },
    ...exportAction("models", listed, go),
  ],
  detail: ModelDetail,
  notes: { location: FolderNote, huggingface_model_name: hubNote("model", "huggingface_model_name") },
  moreActions: [fromHubCache("models")],
  mount: CacheDialog,
};
