//! The notifications of a desktop, taken by the test in the place of the desktop's own program
//! (<https://specifications.freedesktop.org/notification/latest/protocol.html>).

use std::collections::HashMap;
use std::sync::mpsc::{self, Receiver, Sender};

use zbus::OwnedVariant;

use crate::wait::LIMIT;

/// The notifications that programs show through the desktop, received as long as this value is held.
pub struct Notifications {
    received: Receiver<(String, String)>,
    _connection: zbus::Connection,
}

impl Notifications {
    pub(super) async fn take(bus: &str) -> Self {
        let (sender, received) = mpsc::channel();
        let connection = zbus::connection::Builder::address(bus)
            .serve_at("/org/freedesktop/Notifications", Service(sender))
            .name("org.freedesktop.Notifications")
            .build();
        Self { received, _connection: connection.await.expect("the session bus gives the name away") }
    }

    /// The next one, its title and its text, when it comes.
    pub fn next(&self) -> (String, String) {
        self.received.recv_timeout(LIMIT).expect("a notification comes in time")
    }

    /// Whether none came that was not taken yet.
    pub fn is_silent(&self) -> bool {
        self.received.try_recv().is_err()
    }
}

struct Service(Sender<(String, String)>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the protocol has that many")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        title: String,
        text: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _milliseconds: i32,
    ) -> u32 {
        // Nobody may be listening any more.
        let _ = self.0.send((title, text));
        1
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let of = |text: &str| text.to_owned();
        (of("A desktop"), of("stories"), of("1"), of("1.2"))
    }
}
