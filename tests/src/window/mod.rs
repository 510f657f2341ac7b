//! The real window, on a display, a session bus and ports of its own.

mod audit;
mod desktop;
mod dialog;
mod home;
mod notifications;
mod page;
mod process;

use std::net::TcpListener;
use std::time::Instant;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use self::desktop::Desktop;
use self::process::{kill_child, mortal};
use crate::built;
use crate::wait::{LIMIT, PAUSE, until};

pub use self::home::Home;
pub use self::notifications::Notifications;
pub use self::page::Place;

/// The open window. Whoever holds it can look at its page, use it, and answer its file dialogs.
pub struct Window {
    client: Client,
    desktop: Desktop,
}

impl Window {
    /// Start the program for a person, as they would: without arguments.
    pub async fn open(home: &Home) -> Self {
        Self::open_with(home, &[]).await
    }

    /// Start the program with these arguments, as a file browser does with a file.
    pub async fn open_with(home: &Home, arguments: &[&str]) -> Self {
        let program = built::program("fine-tuning-studio");
        let mut desktop = Desktop::start(home);
        let (port, native_port) = (free_port().to_string(), free_port().to_string());
        let mut command = mortal("tauri-driver");
        command.args(["--port", &port, "--native-port", &native_port]);
        home.dress(&mut command);
        desktop.show(command);
        let capabilities = json!({ "tauri:options": { "application": program, "args": arguments } });
        let client = connect(&format!("http://127.0.0.1:{port}"), capabilities).await;
        Self { client, desktop }
    }

    /// Take the notifications of this desktop from now on.
    pub async fn notifications(&self) -> Notifications {
        Notifications::take(self.desktop.bus()).await
    }

    /// Put the window away, as its title bar would, for as long as something happens.
    pub fn while_away<T>(&self, something: impl FnOnce() -> T) -> T {
        let window = self.desktop.put_away();
        let happened = something();
        self.desktop.activate(&window);
        happened
    }

    /// Put the window away and start the program once more, and wait until the second has ended well and the
    /// first stands before the person.
    pub fn start_again(&self, home: &Home, arguments: &[&str]) {
        let window = self.desktop.put_away();
        let program = built::program("fine-tuning-studio");
        let mut command = mortal(program.to_str().expect("a path of plain text"));
        home.dress(command.args(arguments));
        let mut second = self.desktop.start_program(command);
        let code = until("the second start to end", || second.code());
        assert_eq!(code, Some(0), "the second start failed");
        until("the first window to come back", || self.desktop.is_active(&window).then_some(()));
    }

    /// Kill the process that draws the page, as a crash of WebKit would. The driver has no page then, also
    /// when one is drawn again.
    pub fn kill_web_process(&self) {
        kill_child(&self.desktop.program(), "WebKitWebProcess");
    }

    /// Close the window as its title bar would.
    pub async fn close(self) {
        self.desktop.close_window();
    }

    /// Take a picture of the whole display and say where it is.
    pub fn picture(&self) {
        println!("A picture of the window: {}", self.desktop.picture().display());
    }
}

/// The driver answers once it and the native driver listen.
async fn connect(url: &str, capabilities: Value) -> Client {
    let capabilities: Capabilities =
        serde_json::from_value(capabilities).expect("capabilities are an object");
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let start = Instant::now();
    loop {
        match builder.connect(url).await {
            Ok(client) => return client,
            Err(error) => assert!(start.elapsed() < LIMIT, "The window can't be driven: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
