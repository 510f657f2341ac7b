import { TagsInput } from "@mantine/core";
import { showError } from "../../api/errors";
import { idOf } from "../../api/tables";
import { useRetag, useTags } from "../../api/tags";
import type { Listed, TableName } from "../../bindings";

/** The most characters of a tag; the core refuses longer ones. */
export const LONGEST_TAG = 40;

/** The tags of one row. Each change is saved at once. */
export function TagEditor({ table, listed }: { table: TableName; listed: Listed }) {
  const { data: known = [] } = useTags(null);
  const retag = useRetag(table);
  const change = (tags: string[]) => {
    const put = tags.filter((tag) => !listed.tags.includes(tag));
    const take = listed.tags.filter((tag) => !tags.includes(tag));
    retag.mutate({ ids: [idOf(listed)], put, take }, { onError: showError });
  };
  return (
    <TagsInput
      aria-label="Tags"
      placeholder={listed.tags.length === 0 ? "Add a tag" : undefined}
      value={listed.tags}
      onChange={change}
      data={known.map(({ tag }) => tag)}
      disabled={retag.isPending}
      maxLength={LONGEST_TAG}
      comboboxProps={{ shadow: "md" }}
    />
  );
}
