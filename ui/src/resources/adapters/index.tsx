import { fromHubCache } from "../hub/browsing";
import type { Specials } from "../registry";
import { AdapterDetail } from "./AdapterDetail";
import { AdapterNote, BaseModelNote, HubAdapterNote } from "./notes";

export const adapters: Specials = {
  detail: AdapterDetail,
  notes: { location: AdapterNote, huggingface_name: HubAdapterNote, model_id: BaseModelNote },
  moreActions: [fromHubCache("adapters")],
};
