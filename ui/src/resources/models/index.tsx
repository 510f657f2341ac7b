import { fromHubCache } from "../hub/browsing";
import { CacheDialog } from "../hub/CacheDialog";
import { hubNote } from "../hub/HubNote";
import type { Specials } from "../registry";
import { FolderNote } from "./FolderNote";
import { ModelDetail } from "./ModelDetail";

export const models: Specials = {
  detail: ModelDetail,
  notes: { location: FolderNote, huggingface_model_name: hubNote("model", "huggingface_model_name") },
  moreActions: [fromHubCache("models")],
  mount: CacheDialog,
};
