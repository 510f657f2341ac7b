import { Loader, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useComparison } from "../../../api/configs";
import { toAppError } from "../../../api/errors";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { Refusal } from "../../../components/Refusal";
import { Differences } from "./Differences";

type Props = {
  a: { id: string; label: string };
  /** The other config; chosen in the dialog if absent. */
  b?: string;
  onClose: () => void;
};

/** Compares two configs. */
export function CompareDialog({ a, b, onClose }: Props) {
  const [other, setOther] = useState(b ?? "");
  const found = useComparison(a.id, other || null);
  return (
    <Modal opened onClose={onClose} size={860} title={b ? "Compare two configs" : `Compare “${a.label}”`}>
      <Stack gap={12}>
        {!b && (
          <ReferenceField
            table="configs"
            link={undefined}
            common={{
              label: "With",
              description: "Any config, of whatever type.",
              required: true,
              value: other,
              onChange: setOther,
              "data-autofocus": true,
            }}
          />
        )}
        {found.isFetching && !found.data && <Loader size="sm" />}
        {found.error && <Refusal error={toAppError(found.error)} />}
        {found.data && <Differences comparison={found.data} />}
      </Stack>
    </Modal>
  );
}
