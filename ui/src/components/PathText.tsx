import css from "./PathText.module.css";

/** A path that is truncated before its last part, so that the file name stays visible. */
export function PathText({ path }: { path: string }) {
  const last = Math.max(path.lastIndexOf("/", path.length - 2), path.lastIndexOf("\\", path.length - 2));
  return (
    <span className={css.path} title={path}>
      <span className={css.folder}>{path.slice(0, Math.max(last, 0))}</span>
      <span className={css.name}>{path.slice(Math.max(last, 0))}</span>
    </span>
  );
}
