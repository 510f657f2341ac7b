import { Fragment } from "react";
import css from "../detail/DetailPanel.module.css";

/** Facts in a row's detail, in line with its fields. */
export function FactList({ facts }: { facts: { name: string; value: string }[] }) {
  return (
    <dl className={css.fields}>
      {facts.map(({ name, value }) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd className="selectable">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
