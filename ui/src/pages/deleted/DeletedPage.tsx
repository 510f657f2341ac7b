import { Button, Center, EmptyState, Loader } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useDeleted } from "../../api/deleted";
import { toAppError } from "../../api/errors";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import css from "./Deleted.module.css";
import { DeletionItem } from "./DeletionItem";

const PAGE = 50;

/** The deletions that can be restored. */
export function DeletedPage() {
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch, isFetching } = useDeleted(limit);
  const left = data ? data.total - data.deletions.length : 0;
  return (
    <Page title="Deleted" about="What you delete is kept here for thirty days, and comes back as it was.">
      {error && !data && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!error && !data && (
        <Center h={160}>
          <Loader size="sm" aria-label="Looking for what was deleted" />
        </Center>
      )}
      {data?.total === 0 && (
        <EmptyState
          my="auto"
          pb={96}
          icon={<IconTrash stroke={1.2} />}
          title="Nothing was deleted"
          description="What you delete from now on can be brought back from here."
        />
      )}
      {data && data.total > 0 && (
        <ul className={css.list} aria-label="Deletions">
          {data.deletions.map((deletion) => (
            <DeletionItem key={deletion.id} deletion={deletion} />
          ))}
        </ul>
      )}
      {left > 0 && (
        <Button variant="default" mt={16} loading={isFetching} onClick={() => setLimit(limit + PAGE)}>
          Show {Math.min(left, PAGE)} more
        </Button>
      )}
    </Page>
  );
}
