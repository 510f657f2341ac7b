import { IconMessage, IconRun, IconServer2 } from "@tabler/icons-react";
import { idOf } from "../../api/tables";
import { exportAction } from "../exportAction";
import { fromHubCache } from "../hub/browsing";
import type { ResourceExtras } from "../registry";
import { AdapterDetail } from "./AdapterDetail";
import { AdapterNote, BaseModelNote, HubAdapterNote } from "./notes";

export const adapters: ResourceExtras = {
  detail: AdapterDetail,
  notes: { location: AdapterNote, huggingface_name: HubAdapterNote, model_id: BaseModelNote },
  moreActions: [fromHubCache("adapters")],
  rowActions: (listed, go) => [
    {
      label: "Evaluate…",
      icon: IconRun,
      run: () => void go({ to: "/evaluation/start", search: { adapter: idOf(listed) } }),
    },
    {
      label: "Try it…",
      icon: IconMessage,
      run: () => void go({ to: "/try", search: { adapter: idOf(listed) } }),
    },
    ...exportAction("adapters", listed, go),
    {
      label: "Serve this…",
      icon: IconServer2,
      run: () => void go({ to: "/serve", search: { adapter: idOf(listed) } }),
    },
  ],
};
