import css from "./PathText.module.css";

/** A path in little room: the folders give way before the name at its end does. */
export function PathText({ path }: { path: string }) {
  const end = Math.max(path.replace(/[/\\]+$/, "").search(/[/\\][^/\\]*$/), 0);
  return (
    <span className={css.path} title={path}>
      <span>{path.slice(0, end)}</span>
      <span>{path.slice(end)}</span>
    </span>
  );
}
