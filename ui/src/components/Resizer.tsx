import type { KeyboardEvent, PointerEvent } from "react";
import css from "./Resizer.module.css";

type Props = {
  label: string;
  size: number;
  min: number;
  max: number;
  /** The edge of the resized element that the handle is on. */
  edge: "left" | "right";
  onResize: (size: number) => void;
  /** Restores the default size. */
  onReset: () => void;
};

/** A handle that resizes a column or a panel by pointer or by arrow keys. */
export function Resizer({ label, size, min, max, edge, onResize, onReset }: Props) {
  const sign = edge === "right" ? 1 : -1;
  const clamp = (next: number) => Math.round(Math.min(max, Math.max(min, next)));

  const onPointerDown = (down: PointerEvent<HTMLDivElement>) => {
    down.preventDefault();
    const handle = down.currentTarget;
    handle.setPointerCapture(down.pointerId);
    const onMove = (move: globalThis.PointerEvent) =>
      onResize(clamp(size + sign * (move.clientX - down.clientX)));
    const onUp = () => handle.removeEventListener("pointermove", onMove);
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("lostpointercapture", onUp, { once: true });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -sign, ArrowRight: sign }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(clamp(size + step * 16));
  };

  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={css.resizer}
      data-edge={edge}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
      onClick={(event) => event.stopPropagation()}
    />
  );
}
