import { Fragment, type ReactNode } from "react";
import css from "./Facts.module.css";

export type Fact = {
  name: string;
  /** A fact without a value is left out. */
  value: ReactNode;
  /** In place of the name. */
  label?: ReactNode;
  /** The tooltip of the label. */
  title?: string;
  /** Label and value take the whole width, one below the other. */
  wide?: boolean;
};

type Props = {
  facts: Fact[];
  /** The labels have a fixed width, as in other lists of the same panel. */
  aligned?: boolean;
};

/** A list of labels with their values. */
export function Facts({ facts, aligned }: Props) {
  return (
    <dl className={css.facts} data-aligned={aligned || undefined}>
      {facts.filter(hasValue).map(({ name, value, label = name, title, wide }) => (
        <Fragment key={name}>
          <dt title={title} data-wide={wide || undefined}>
            {label}
          </dt>
          <dd className="selectable" data-wide={wide || undefined}>
            {value}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function hasValue({ value }: Fact): boolean {
  return value !== null && value !== undefined && value !== false && value !== "";
}
