import { fromHubCache } from "../hub/browsing";
import { CacheDialog } from "../hub/CacheDialog";
import type { Specials } from "../registry";
import { FolderNote } from "./FolderNote";
import { ModelDetail } from "./ModelDetail";

export const models: Specials = {
  detail: ModelDetail,
  notes: { location: FolderNote },
  moreActions: [fromHubCache("models")],
  mount: CacheDialog,
};
