//! What starts workers on a server, held up.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// The Python of the system, which logins find first.
const PYTHON: &str = "/usr/bin/python3";

/// The starts of workers on a server. Each waits until all may go on.
#[derive(Debug)]
pub struct Starts(pub(crate) PathBuf);

impl Starts {
    /// How many were asked for.
    pub fn asked(&self) -> usize {
        let names = fs::read_dir(&self.0).unwrap().filter_map(Result::ok).map(|entry| entry.file_name());
        names.filter(|name| name.to_string_lossy().starts_with("asked.")).count()
    }

    /// Lets all go on: those that wait, and those to come.
    pub fn go_on(&self) {
        fs::write(self.0.join("go-on"), "").unwrap();
    }

    /// Writes the Python that waits, and returns its folder.
    pub(crate) fn write_python(&self) -> &Path {
        // It passes its own path on as the name of Python, under which it is started again. The folder of a run is the
        // last word of what starts its worker.
        let script = format!(
            "#!/bin/bash\nif [[ \"${{@: -1}}\" == */runs/* ]]; then\n  : >{folder}/asked.$$\n  \
             until [ -e {folder}/go-on ]; do sleep 0.02; done\nfi\nexec -a \"$0\" {PYTHON} \"$@\"\n",
            folder = self.0.display(),
        );
        let python = self.0.join("python3");
        fs::write(&python, script).unwrap();
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
        &self.0
    }
}
