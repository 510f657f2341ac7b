import type { ReactNode } from "react";
import css from "./Panel.module.css";

/** What things are called on the left, what they are on the right. */
export function Facts({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(({ name, value }) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd className="selectable">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
