//! The Python environment that a target without one gets: made there once, whatever becomes of who asked for it.

use std::{fs, path::PathBuf, process::Child};

use serde_json::{Value, json};
use stories::{Fts, built, wait};
use test_hosts::{Login, Sshd};

use crate::{place::Place, world::processes_in};

/// Takes the arguments that uv takes and says what uv says, but installs nothing. It waits for the file `go`, and
/// fails while the file `away` is there.
const UV: &str = r#"#!/bin/sh
case "$1" in
--version) echo "uv 0.13.9"; exit ;;
venv) mkdir -p "$3/bin"; echo "home = /usr" > "$3/pyvenv.cfg"; cp "HERE/python-made" "$3/bin/python"; exit ;;
esac
echo "$UV_DEFAULT_INDEX" >> "HERE/installations"
echo "Resolved 2 packages in 1ms" >&2
echo "Downloading torch (883.1MiB)" >&2
until [ -e "HERE/go" ]; do sleep 0.05; done
if [ -e "HERE/away" ]; then
    echo "error: client error (Connect)" >&2
    exit 2
fi
echo " Downloaded torch" >&2
"#;

/// The interpreter of the environment: it says that it has everything, and is the worker that pretends.
const PYTHON: &str = r#"#!/bin/sh
for word in "$@"; do
    if [ "$word" = run ]; then
        while [ "$1" != run ]; do shift; done
        exec "FAKE" "$@"
    fi
done
cat > /dev/null
echo '{"python": "3.11.9", "executable": "'"$0"'", "missing": [], "packages": {"torch": "2.9"}, "accelerators": []}'
"#;

/// A place whose target names no Python.
struct Bare {
    place: Place,
    uv: String,
}

impl Bare {
    /// With uv in the home there.
    fn new() -> Option<Self> {
        Self::of(Place::new()?, "ssh").map(Self::with_uv)
    }

    fn of(place: Place, kind: &str) -> Option<Self> {
        let fts = &place.world.fts;
        let here = fts.path("");
        let here = here.trim_end_matches('/');
        let fake = built::program("fake-worker");
        fts.script("python-made", PYTHON.replace("FAKE", fake.to_str().expect("a path")));
        let uv = UV.replace("HERE", here);
        fts.json(&["target", "remove", "box"]);
        fts.json(&add(&place.sshd, kind, &fts.path("there")));
        Some(Self { place, uv })
    }

    fn with_uv(self) -> Self {
        let folder = self.place.sshd.home().join(".local/bin");
        fs::create_dir_all(&folder).expect("a folder");
        fs::copy(self.fts().script("uv-there", &self.uv), folder.join("uv")).expect("uv there");
        self
    }

    fn fts(&self) -> &Fts {
        &self.place.world.fts
    }

    /// The indexes of the installations that were begun, one each.
    fn installations(&self) -> Vec<String> {
        let text = fs::read_to_string(self.fts().path("installations")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn until_installing(&self, number: usize) {
        wait::until("an installation", || (self.installations().len() == number).then_some(()));
    }

    fn go(&self) {
        self.fts().file("go", "");
    }

    /// What a check says: its exit code, and of it the environment.
    fn check(&self) -> (i32, Value) {
        let answer = self.fts().run(&["--json", "target", "check", "box"]);
        let found: Value = serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"));
        (answer.code, found["environment"].clone())
    }

    fn prepare(&self) -> Child {
        self.fts().start(&["target", "prepare", "box"])
    }

    /// The folder in which an environment is made.
    fn making(&self) -> PathBuf {
        let entries = fs::read_dir(self.fts().path("there/env")).expect("environments").flatten();
        let mut making = entries.map(|entry| entry.path());
        making.find(|path| path.extension().is_some_and(|end| end == "making")).expect("one in the making")
    }
}

fn add(sshd: &Sshd, kind: &str, folder: &str) -> Vec<&'static str> {
    let config = sshd.config().display().to_string();
    let words = ["target", "add", "box", "--kind", kind, "--host", Sshd::HOST, "--ssh-config", &config];
    let words = words.into_iter().chain(["--folder", folder]);
    words.map(|word| &*word.to_owned().leak()).collect()
}

#[test]
fn a_target_without_python_gets_an_environment_and_trains_in_it() {
    let fts = Fts::new().with_variable("UV_DEFAULT_INDEX", "http://index.of.here");
    let Some(place) = Place::on(fts, "#!/bin/sh\nexit 1\n") else { return };
    let profile = "export UV_DEFAULT_INDEX=http://index.of.there\n";
    fs::write(place.sshd.home().join(".profile"), profile).expect("a profile there");
    let bare = Bare::of(place, "ssh").map(Bare::with_uv).expect("a place");
    let fts = bare.fts();
    let (code, missing) = bare.check();
    assert_eq!((code, &missing["state"]), (1, &json!("missing")));
    let training = bare.place.training("tickets-1", &json!({"steps": 5}));
    let training: Vec<&str> = training.iter().map(String::as_str).collect();
    let refused = fts.refused(&training);
    assert_eq!(refused.columns, ["target"], "{refused:?}");
    assert!(refused.message.contains("`fts target prepare`"), "{refused:?}");

    bare.go();
    let made = fts.json(&["target", "prepare", "box"]);
    assert_eq!((&made["environment"]["state"], &made["can_run"]), (&json!("made"), &json!(true)), "{made}");
    assert_eq!(bare.installations(), ["http://index.of.there"]);
    let folder = made["environment"]["folder"].as_str().expect("a folder");
    assert!(folder.starts_with(&fts.path("there/env/")), "{folder}");
    fts.json(&["target", "prepare", "box"]);
    assert_eq!(bare.installations().len(), 1, "a complete one stays as it is");
    let run = fts.json(&[&training[..], &["--wait"]].concat());
    assert_eq!(run["state"], "succeeded", "{run}");

    // One of another version of the program is recognized by its name, and not used.
    fs::rename(folder, fts.path("there/env/0123456789abcdef")).expect("it can be renamed");
    fs::remove_dir_all(bare.making()).expect("its log can be removed");
    let (code, older) = bare.check();
    assert_eq!((code, &older["state"]), (1, &json!("older")), "{older}");
    assert_eq!(older["others"], json!([fts.path("there/env/0123456789abcdef")]));
}

#[test]
fn it_is_made_to_its_end_though_nobody_looks_and_the_line_is_cut() {
    let Some(mut bare) = Bare::new() else { return };
    let mut first = bare.prepare();
    bare.until_installing(1);
    first.kill().expect("a child can be killed");
    first.wait().expect("a killed child ends");
    bare.place.sshd.cut();
    let (code, found) = bare.check();
    assert_eq!((code, &found["state"], &found["text"]), (1, &json!("making"), &json!("Downloading torch.")));
    let mut second = bare.prepare();
    for _ in 0..5 {
        bare.place.sshd.cut();
        wait::until("an answer", || (bare.check().1["state"] == "making").then_some(()));
    }
    bare.place.sshd.stop();
    bare.go();
    bare.place.sshd.restart();
    assert!(second.wait().expect("it ends").success());
    assert_eq!(bare.check().1["state"], "made");
    assert_eq!(bare.installations().len(), 1);
}

#[test]
fn two_studios_make_it_once() {
    let Some(bare) = Bare::new() else { return };
    let other = Fts::new();
    other.json(&add(&bare.place.sshd, "ssh", &bare.fts().path("there")));
    let mut both = [bare.prepare(), other.start(&["target", "prepare", "box"])];
    bare.until_installing(1);
    bare.go();
    for studio in &mut both {
        assert!(studio.wait().expect("it ends").success());
    }
    assert_eq!(bare.installations().len(), 1);
}

#[test]
fn one_that_was_stopped_or_failed_goes_on_where_it_was() {
    let Some(bare) = Bare::new() else { return };
    let mut first = bare.prepare();
    bare.until_installing(1);
    let stopped = bare.fts().run(&["--json", "target", "prepare", "box", "--stop"]);
    assert_eq!(stopped.code, 0, "{stopped:?}");
    assert_eq!(first.wait().expect("it ends").code(), Some(1));
    wait::until("the end of all that was started", || processes_in(&bare.making()).is_empty().then_some(()));
    let (_, found) = bare.check();
    assert_eq!(found["state"], "unfinished");
    assert!(found["text"].as_str().is_some_and(|text| text.ends_with("was stopped.")), "{found}");

    // From another login node, the wish alone arrives.
    let mut second = bare.prepare();
    bare.until_installing(2);
    fs::write(bare.making().join("stop"), "").expect("the wish");
    assert_eq!(second.wait().expect("it ends").code(), Some(1));
    wait::until("the end of all again", || processes_in(&bare.making()).is_empty().then_some(()));

    bare.go();
    let away = bare.fts().file("away", "");
    let refused = bare.fts().refused(&["target", "prepare", "box"]);
    assert_eq!(refused.code, "unreachable");
    assert_eq!(refused.message, "The packages could not be installed: the package index can't be reached.");
    assert!(refused.hint.is_some_and(|hint| hint.contains("UV_DEFAULT_INDEX")));
    fs::remove_file(away).expect("the index is back");
    assert_eq!(bare.fts().json(&["target", "prepare", "box"])["environment"]["state"], "made");
    assert_eq!(bare.installations().len(), 4);
}

#[test]
fn without_uv_there_that_of_this_machine_is_sent_or_it_is_said_what_to_do() {
    let fts = Fts::new();
    fs::create_dir(fts.path("tools")).expect("a folder");
    let path = format!("{}:{}", fts.path("tools"), std::env::var("PATH").expect("a path"));
    let fts = fts.with_variable("PATH", path);
    let Some(place) = Place::on(fts, "#!/bin/sh\nexit 1\n") else { return };
    // pip there has an index that does not answer.
    let profile = "export PATH=/usr/bin:/bin PIP_INDEX_URL=http://127.0.0.1:9/simple PIP_RETRIES=0\n";
    fs::write(place.sshd.home().join(".profile"), profile).expect("a profile there");
    place.sshd.log_in(&Login { path: Some("/usr/bin:/bin".to_owned()), ..Login::default() });
    let bare = Bare::of(place, "ssh").expect("a place");
    bare.go();
    let refused = bare.fts().refused(&["target", "prepare", "box"]);
    assert_eq!(refused.code, "no_python", "{refused:?}");
    assert!(
        refused.message.starts_with("There is no uv on box, and pip there could not fetch it"),
        "{refused:?}"
    );
    assert!(refused.hint.is_some_and(|hint| hint.contains("docs.astral.sh/uv")));

    bare.fts().script("tools/uv", &bare.uv);
    let made = bare.fts().json(&["target", "prepare", "box"]);
    assert_eq!(made["environment"]["state"], "made", "{made}");
}

#[test]
fn nothing_is_started_where_a_person_did_not_confirm_the_host() {
    let Some(bare) = Bare::new() else { return };
    bare.place.sshd.forget_host_key();
    assert_eq!(bare.fts().refused(&["target", "prepare", "box"]).code, "unreachable");
    bare.place.sshd.know_host_key();
    let (snapshot, other) = (bare.fts().path("all.json"), Fts::new());
    bare.fts().json(&["snapshot", "export", &snapshot]);
    other.json(&["snapshot", "import", &snapshot]);
    for stop in [&[][..], &["--stop"]] {
        let refused = other.refused(&[&["target", "prepare", "box"], stop].concat());
        assert!(refused.message.contains("is not confirmed"), "{refused:?}");
    }
    assert!(!fs::exists(bare.fts().path("there")).expect("the folder's parent"));
    // An interpreter of the person's own is left alone.
    let config = bare.place.sshd.config().display().to_string();
    let own = ["target", "add", "own", "--kind", "ssh", "--host", Sshd::HOST, "--ssh-config", &config];
    bare.fts().json(&[&own[..], &["--folder", "~/studio", "--python", "python3"]].concat());
    assert_eq!(bare.fts().refused(&["target", "prepare", "own"]).code, "conflict");
}

#[test]
fn that_of_a_cluster_is_made_on_the_login_node_and_serves_its_jobs() {
    let Some(bare) = Place::on_slurm(1, &[]).and_then(|place| Bare::of(place, "slurm")).map(Bare::with_uv)
    else {
        return;
    };
    bare.go();
    bare.fts().json(&["target", "prepare", "box"]);
    assert!(bare.place.nodes_of_jobs().is_empty(), "no job was submitted for it");
    let training = bare.place.training("tickets-1", &json!({"steps": 5}));
    let training: Vec<&str> = training.iter().map(String::as_str).chain(["--wait"]).collect();
    assert_eq!(bare.fts().json(&training)["state"], "succeeded");
}

#[test]
fn an_interpreter_below_the_home_there_is_found() {
    let Some(place) = Place::new() else { return };
    let fts = &place.world.fts;
    fs::copy(fts.path("python-there"), place.sshd.home().join("python-there")).expect("it can be copied");
    fts.json(&["target", "remove", "box"]);
    let words = add(&place.sshd, "ssh", &fts.path("there"));
    fts.json(&[&words[..], &["--python", "~/python-there"]].concat());
    let training = place.training("tickets-1", &json!({"steps": 5}));
    let training: Vec<&str> = training.iter().map(String::as_str).chain(["--wait"]).collect();
    assert_eq!(fts.json(&training)["state"], "succeeded");
}
