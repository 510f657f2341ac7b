import { IconAlertTriangle, IconCircleCheck, IconCloud, type IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Place, PlaceState } from "../../bindings";
import css from "./Weights.module.css";

const icons: Record<PlaceState, ComponentType<IconProps>> = {
  there: IconCircleCheck,
  hub: IconCloud,
  registry: IconCloud,
  incomplete: IconAlertTriangle,
  missing: IconAlertTriangle,
  unreachable: IconAlertTriangle,
};

/** The location of weights and its state. */
export function PlaceLine({ place }: { place: Place }) {
  const Icon = icons[place.state];
  return (
    <p className={css.line} data-state={place.state}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span>{place.message}</span>
    </p>
  );
}
