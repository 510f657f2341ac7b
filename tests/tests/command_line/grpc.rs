//! `fts grpc`: where it answers, who it refuses, and how it ends. Its answers are tested in its own crate.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Child,
    time::Duration,
};

use serde_json::Value;
use stories::Fts;

/// The beginning of a connection of HTTP/2, and settings that change nothing.
const BEGINNING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// The kind of frame with settings, with which every server of HTTP/2 begins.
const SETTINGS: u8 = 4;

/// The service, answering. It is killed when it is dropped.
struct Served {
    process: Child,
    place: Value,
}

impl Served {
    fn new(fts: &Fts, more: &[&str]) -> Self {
        let arguments = [&["grpc", "--listen", "127.0.0.1:0"], more].concat();
        let mut process = fts.start_piped(&arguments);
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let place = serde_json::from_str(&line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}"));
        Self { process, place }
    }

    fn address(&self) -> String {
        format!("{}:{}", self.place["ip"].as_str().unwrap(), self.place["port"])
    }

    /// A connection that is answered by HTTP/2.
    fn connect(&self) -> TcpStream {
        let mut connection = TcpStream::connect(self.address()).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        connection.write_all(BEGINNING).unwrap();
        let mut frame = [0; 9];
        connection.read_exact(&mut frame).unwrap();
        assert_eq!(frame[3], SETTINGS, "{frame:?}");
        connection
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[test]
fn it_prints_where_it_answers_and_sigterm_ends_it() {
    let fts = Fts::new();
    let mut served = Served::new(&fts, &["--import-folder", &fts.path("")]);
    assert_eq!(served.place["ip"], "127.0.0.1");
    let port = served.place["port"].clone();
    assert_ne!(port, 0);
    let connection = served.connect();
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&served.process),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    drop(connection);
    assert!(served.process.wait().unwrap().success());
    let mut said = String::new();
    served.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let expected = format!("FINE_TUNING_SERVICE_IP=127.0.0.1\nFINE_TUNING_SERVICE_PORT={port}\n");
    assert_eq!(said, expected);
}

#[test]
fn a_port_that_is_taken_is_refused() {
    let fts = Fts::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refusal = fts.refused(&["grpc", "--listen", &address]);
    assert_eq!(
        refusal.message,
        format!("Could not listen on {address}: another program has taken the port.")
    );
    assert_eq!(refusal.columns, ["listen"]);
}

#[test]
fn other_machines_are_let_in_by_a_word_alone() {
    let fts = Fts::new();
    let refusal = fts.refused(&["grpc", "--listen", "0.0.0.0:0"]);
    assert_eq!(
        refusal.message,
        "0.0.0.0 can be reached from other machines, and nothing would be encrypted."
    );
    assert!(!fts.db().exists(), "no database was made");
    let mut process = fts.start_piped(&["grpc", "--listen", "0.0.0.0:0", "--unencrypted"]);
    let mut warning = String::new();
    BufReader::new(process.stderr.take().unwrap()).read_line(&mut warning).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(warning.contains("start runs without a key"), "{warning}");
}

#[test]
fn wrong_addresses_and_files_are_named() {
    let fts = Fts::new();
    let answer = fts.run(&["grpc", "--listen", "here"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("'here' is not an IP address with a port."), "{}", answer.err);
    let refusal = fts.refused(&["grpc", "--listen", "127.0.0.1:0", "--import-folder", &fts.path("none")]);
    assert_eq!(refusal.message, format!("{} does not exist.", fts.path("none")));
    let refusal = fts.refused(&["grpc", "--listen", "127.0.0.1:0", "--target", "cluster"]);
    assert_eq!(refusal.code, "not_found", "{}", refusal.message);
    let certificate = fts.file("certificate.pem", "no certificate");
    let refusal = fts.refused(&[
        "grpc",
        "--listen",
        "127.0.0.1:0",
        "--certificate",
        &certificate,
        "--private-key",
        &certificate,
    ]);
    assert!(refusal.message.starts_with(&format!("{certificate} can't be used: ")), "{}", refusal.message);
}
