//! Ports for servers that can't choose one themselves.

use std::net::TcpListener;

/// A port of loopback on which nothing listens now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
