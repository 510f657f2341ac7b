import { TagsInput } from "@mantine/core";
import { showError } from "../../api/errors";
import { idOf } from "../../api/tables";
import { useRetag, useTags } from "../../api/tags";
import type { Listed, TableName } from "../../bindings";

/** The most characters of a tag; the core refuses longer ones. */
export const LONGEST_TAG = 40;

/** The tags of one row. Each change is saved at once, and shown before the store has answered. */
export function TagEditor({ table, listed }: { table: TableName; listed: Listed }) {
  const { data: known = [] } = useTags(null);
  const retag = useRetag(table);
  const { put = [], take = [] } = (retag.isPending && retag.variables) || {};
  const shown = [...listed.tags.filter((tag) => !take.includes(tag) && !put.includes(tag)), ...put];
  const change = (tags: string[]) => {
    const put = tags.filter((tag) => !shown.includes(tag));
    const take = shown.filter((tag) => !tags.includes(tag));
    retag.mutate({ ids: [idOf(listed)], put, take }, { onError: showError });
  };
  return (
    <TagsInput
      aria-label="Tags"
      placeholder={shown.length === 0 ? "Add a tag" : undefined}
      value={shown}
      onChange={change}
      data={known.map(({ tag }) => tag)}
      maxLength={LONGEST_TAG}
      comboboxProps={{ shadow: "md" }}
    />
  );
}
