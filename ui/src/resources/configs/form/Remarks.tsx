import { Text } from "@mantine/core";
import type { SettingMark } from "../../../bindings";
import css from "./ConfigForm.module.css";

/** What is said of settings that have no field of their own. */
export function Remarks({ marks }: { marks: SettingMark[] }) {
  const remarks = marks.filter(({ kind }) => kind !== "unchecked");
  if (remarks.length === 0) return null;
  return (
    <section aria-label="Remarks">
      {remarks.map(({ message }) => (
        <Text key={message} size="sm" className={css.remark}>
          {message}
        </Text>
      ))}
    </section>
  );
}
