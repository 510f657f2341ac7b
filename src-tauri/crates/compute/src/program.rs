//! The program that runs at the far end. It is sent over standard input, so that no file is needed there, and needs
//! Python 3.6 and its standard library alone.

/// Reads the program and runs it, or ends with [`OLD_PYTHON`].
pub(crate) const BOOT: &str = "import sys;sys.version_info<(3,6)and sys.exit(86);\
                               exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))";

/// The exit code where Python is too old.
pub(crate) const OLD_PYTHON: i32 = 86;

/// What [`shell`] prints where there is no Python.
pub(crate) const NO_PYTHON: &str = "fts-no-python";

/// The module of the worker that reports what an interpreter has, which needs the standard library alone.
pub(crate) const REPORT: &str = include_str!("../../../worker/fine_tuning_worker/probe.py");

/// The program that makes an environment.
pub(crate) const MAKE: &str = include_str!("far/make.py");

const LOADER: &str = include_str!("far/boot.py");

/// The modules, each after those that it uses.
const MODULES: [(&str, &str); 11] = [
    ("line", include_str!("far/line.py")),
    ("folder", include_str!("far/folder.py")),
    ("parts", include_str!("far/parts.py")),
    ("files", include_str!("far/files.py")),
    ("commands", include_str!("far/commands.py")),
    ("system", include_str!("far/system.py")),
    ("probe", include_str!("far/probe.py")),
    ("workers", include_str!("far/workers.py")),
    ("environment", include_str!("far/environment.py")),
    ("follow", include_str!("far/follow.py")),
    ("serve", include_str!("far/serve.py")),
];

/// The modules of the process that outlives the connection.
const KEEPER: [(&str, &str); 2] =
    [("system", include_str!("far/system.py")), ("keeper", include_str!("far/keeper.py"))];

/// The line of shell that starts Python there. It is the same to bash, dash, fish and tcsh: one word in quotes.
pub(crate) fn shell(python: Option<&str>) -> String {
    // The interpreter of the target may be the only one; it is left out where it would need quotes itself.
    let plain = |path: &&str| path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+~".contains(c));
    let named = python.filter(plain).map(|path| format!(" {path}")).unwrap_or_default();
    format!(
        "exec sh -c 'for p in python3{named} /usr/libexec/platform-python python; do \
         if command -v $p >/dev/null 2>&1; then exec $p -u -c \"{BOOT}\"; fi; done; \
         echo {NO_PYTHON}; exit 127'"
    )
}

/// What is written to [`BOOT`]: it prints a line with the nonce and then answers requests about the target's folder.
pub(crate) fn input(nonce: &str, folder: &str, python: Option<&str>) -> Vec<u8> {
    let keeper = program(&KEEPER, "sys.modules[\"far.keeper\"].keep()\n");
    let start = format!(
        "sys.modules[\"far.serve\"].serve({}, {}, {}, {})\n",
        literal(nonce),
        literal(folder),
        python.map_or_else(|| "None".to_owned(), literal),
        literal(&keeper)
    );
    let program = program(&MODULES, &start);
    format!("{}\n{program}", program.len()).into_bytes()
}

fn program(modules: &[(&str, &str)], start: &str) -> String {
    let loads =
        modules.iter().map(|(name, source)| format!("load({}, {})\n", literal(name), literal(source)));
    format!("{LOADER}\n{}{start}", loads.collect::<String>())
}

/// A text as Python reads it: JSON's form is one of its own.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
