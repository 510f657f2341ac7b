//! The way to the workbench: TLS, proxies, addresses where nothing is.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    thread,
};

use fake_workbench::FakeWorkbench;
use workbench::{Address, Fault, Settings, Workbench};

use crate::world::{World, key, quick, settings};

#[tokio::test]
async fn a_companys_own_authority_is_trusted_by_its_file_alone() {
    let there = FakeWorkbench::with_tls();
    let unknown = Workbench::new(settings(&there), key(), quick()).unwrap();
    let failure = unknown.project().await.unwrap_err();
    assert_eq!(failure.fault, Fault::Certificate, "{failure:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.pem");
    fs::write(&file, there.authority().unwrap()).unwrap();
    let with_file = |file: &std::path::Path| {
        let settings = Settings { certificates: Some(file.to_owned()), ..settings(&there) };
        Workbench::new(settings, key(), quick())
    };
    assert_eq!(with_file(&file).unwrap().project().await.unwrap().name, "Fine Tuning");
    // Neither a file without certificates nor none at all is passed over.
    fs::write(&file, "no certificate").unwrap();
    assert_eq!(with_file(&file).unwrap_err().fault, Fault::Here);
    assert_eq!(with_file(&folder.path().join("none.pem")).unwrap_err().fault, Fault::Here);
}

#[tokio::test]
async fn where_nothing_is_or_something_else_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = |address: &str| {
        let settings = Settings {
            address: Address::parse(address).unwrap(),
            project: "p".to_owned(),
            certificates: None,
        };
        Workbench::new(settings, key(), quick()).unwrap()
    };
    let failure = at(&format!("http://{free}")).project().await.unwrap_err();
    assert_eq!(failure.fault, Fault::NoAnswer);
    assert!(failure.error.message.contains(&free.to_string()), "{failure:?}");
    // A server that leads elsewhere gets the key, and nobody after it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let (address, target) = (listener.local_addr().unwrap(), elsewhere.local_addr().unwrap());
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]);
        let answer =
            format!("HTTP/1.1 302 Found\r\nLocation: http://{target}/login\r\nContent-Length: 0\r\n\r\n");
        connection.write_all(answer.as_bytes()).unwrap();
    });
    let failure = at(&format!("http://{address}")).project().await.unwrap_err();
    assert_eq!(failure.fault, Fault::NoWorkbench);
    assert!(elsewhere.accept().is_err(), "the redirect was followed");
}

/// The other half of the test of proxies, in a process whose variables name one.
#[tokio::test]
#[ignore = "it needs variables of its own process"]
async fn asks_by_way_of_a_proxy() {
    let settings = Settings {
        address: Address::parse("http://workbench.invalid").unwrap(),
        project: "p".to_owned(),
        certificates: None,
    };
    let project = Workbench::new(settings, key(), quick()).unwrap().project().await.unwrap();
    assert_eq!(project.name, "By proxy");
}

#[test]
fn the_proxy_of_the_system_is_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let served = thread::spawn(move || {
        let (mut connection, _) = proxy.accept().unwrap();
        let mut request = vec![0; 4096];
        let length = connection.read(&mut request).unwrap();
        let body = r#"{"name": "By proxy"}"#;
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let asked = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "connection::asks_by_way_of_a_proxy", "--ignored"])
        .env("http_proxy", &address)
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stdout));
    let request = served.join().unwrap();
    assert!(request.starts_with("GET http://workbench.invalid/api/v2/projects/p "), "{request}");
}

#[test]
fn a_target_without_a_project_is_refused() {
    let world = World::new();
    let settings = Settings { project: " ".to_owned(), ..settings(&world.there) };
    assert_eq!(Workbench::new(settings, key(), quick()).unwrap_err().fault, Fault::Address);
}
